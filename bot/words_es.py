"""What the bot says in Spanish: the same sentences under the same keys as in Chinese; edit freely, keep the {names}."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    # 1 welcome
    "welcome": "{part_of_day}. Soy {assistant}, el asistente de {brand}, y puedo responder al momento a sus "
    "preguntas sobre el producto. Cuénteme qué quiere hacer y dónde se ha quedado. Si prefiere hablar con "
    "una persona, dígamelo cuando quiera (horario: {hours}).",
    "welcome_named": "{part_of_day}, {name}. Soy {assistant}, el asistente de {brand}, y puedo responder al "
    "momento a sus preguntas sobre el producto. Cuénteme qué quiere hacer y dónde se ha quedado. Si prefiere "
    "hablar con una persona, dígamelo cuando quiera (horario: {hours}).",
    # 2 not sure
    "not_sure": "Para asegurarme: ¿cuál de estas es su pregunta?",
    "not_sure_single": "Para asegurarme: ¿es esta su pregunta?",
    "urgent_answer": "Si esto le impide trabajar ahora mismo, puede hablar directamente con una persona.",
    # 3 no answer
    "no_answer": "No he encontrado una respuesta segura y no quiero decirle cualquier cosa. Puede añadir en "
    "qué página está, qué ha pulsado y qué ha visto, o hablar con una persona; no tendrá que repetir nada.",
    "not_helpful": "Veo que mi respuesta no le ha servido. Puede añadir en qué página está, qué ha pulsado "
    "y qué ha visto, y vuelvo a buscar, o hablar con una persona; no tendrá que repetir nada.",
    "none_fits": "Entendido, ninguna de ellas. Puede decirlo con otras palabras y añadir en qué página está, "
    "o hablar con una persona; no tendrá que repetir nada.",
    "none_fits_but": "Entendido, ninguna de aquellas. ¿Puede ser una de estas? Si no, añada algún detalle o "
    "hable con una persona.",
    "not_helpful_but": "Veo que mi respuesta no le ha servido. ¿Puede ser una de estas? Si no, añada algún "
    "detalle o hable con una persona.",
    "choose_again": "No hay ese número. Toque una opción o responda con el número que lleva delante; si "
    "ninguna encaja, diga «ninguna».",
    "which_one": "¿Cuál de ellas? Toque una opción o responda con el número que lleva delante; si ninguna "
    "encaja, diga «ninguna».",
    "say_more": "Dígame en una frase qué quiere hacer y dónde se ha quedado, y le busco la respuesta. "
    "También puede hablar con una persona.",
    "picture_only": "He recibido la imagen. Añada una frase sobre el problema y le busco la respuesta. También "
    "puede hablar con una persona.",
    "link_only": "He recibido el enlace. Añada una frase sobre el problema y le busco la respuesta. También "
    "puede hablar con una persona.",
    # 4 hand-off
    "handing_off": "De acuerdo, le paso con un compañero de {group}. Todo lo que ha escrito va con "
    "usted; no tendrá que repetirlo.",
    "handing_off_bare": "De acuerdo, le paso con un compañero de {group}.",
    "handing_off_angry": "Entiendo, esto está afectando a su trabajo. Un compañero de {group} se encarga ahora "
    "mismo, con todo lo que ha escrito.",
    "handing_off_urgent": "Esto no puede esperar. Un compañero de {group} se encarga ahora mismo, con todo lo "
    "que ha escrito; no tendrá que repetirlo.",
    "handing_off_miss": "Todavía no se lo he resuelto, así que le paso con un compañero de {group}. Todo lo "
    "que ha escrito va con usted; no tendrá que repetirlo.",
    "any_group": "nuestro equipo",
    "ask_topic": "Si quiere, toque de qué se trata y llegará antes a la persona adecuada; puede saltárselo.",
    # 5 in the line
    "queue_place": "Tiene {ahead} personas delante, unos {eta}. Puede hacer otra cosa; si vuelve en "
    "{keep_minutes} minutos, su lugar sigue ahí. Lo que añada mientras tanto se leerá primero.",
    "queue_next": "Es el siguiente, unos {eta}. Puede hacer otra cosa; si vuelve en {keep_minutes} minutos, su "
    "lugar sigue ahí. Lo que añada mientras tanto se leerá primero.",
    "queue_slower": "Ahora mismo hay muchas consultas; faltan unos {eta}. Gracias por esperar. {instead}",
    "queue_slower_plain": "Sigue habiendo muchas consultas; faltan unos {eta}. {instead}",
    "queue_slower_untimed": "Quienes atendían han salido un momento. Gracias por esperar. {instead}",
    "queue_slower_untimed_plain": "Quienes atendían han salido un momento; al volver atienden por orden. {instead}",
    "queue_instead": "Si no puede esperar, deje un mensaje y le responderemos antes de {reply_by}.",
    "queue_instead_untimed": "Si no puede esperar, deje un mensaje y le responderemos lo antes posible.",
    "understanding": "Entiendo, esto está afectando a su trabajo. ",
    "queue_added": "Recibido: va junto con lo demás y se leerá primero.",
    "queue_now": "Tiene {ahead} personas delante, unos {eta}. Conserva su lugar.",
    "queue_now_next": "Es el siguiente, unos {eta}. Conserva su lugar.",
    "queue_now_untimed": "Tiene {ahead} personas delante; se atiende por orden en cuanto haya alguien. Conserva su "
    "lugar.",
    "queue_now_next_untimed": "Es el siguiente, en cuanto haya alguien conectado.",
    "queue_solved": "Me alegro. Si ya está resuelto puede salir de la cola; si prefiere confirmarlo con una persona, "
    "siga esperando, conserva su lugar.",
    "queue_given_up": "Ha estado fuera más de {keep_minutes} minutos y se ha liberado su lugar; lo que escribió sigue "
    "aquí. Puede pedir una persona cuando quiera.",
    "queue_given_up_left": "Ha estado fuera más de {keep_minutes} minutos: se ha liberado su lugar y lo que escribió "
    "queda como mensaje. {reply}",
    "queue_closed": "Por hoy ya no hay nadie atendiendo (horario: {hours}); conserva su lugar. Si no puede esperar, "
    "deje su pregunta y {contact}, o reserve una llamada. {reply}",
    "reply": "Le responderemos aquí antes de {reply_by}{notice}.",
    "reply_untimed": "Le responderemos aquí lo antes posible{notice}.",
    "topic_usage": "Cómo se usa",
    "topic_fault": "Algo falla",
    "topic_billing": "Facturación",
    "topic_presales": "Antes de comprar",
    "topic_skip": "Saltar",
    "topic_noted": "Anotado: {topic}.",
    "queue_left": "Ha salido de la cola. Puedo seguir buscando por usted, y puede pedir una persona cuando quiera.",
    "while_waiting": "Mientras espera, aquí tiene una respuesta que quizá le sirva; conserva su lugar:",
    "busy": "En este momento pregunta mucha gente y no doy abasto; disculpe la espera. Puede hablar con una persona, "
    "sin repetir nada, o volver a preguntarme dentro de unos minutos.",
    "nobody": "Ahora mismo no hay nadie conectado. Deje su pregunta y {contact}; le responderemos aquí "
    "antes de {reply_by}{notice}.",
    "nobody_untimed": "Ahora mismo no hay nadie conectado. Deje su pregunta y {contact}; le responderemos "
    "aquí lo antes posible{notice}.",
    # 6 after hours
    "after_hours": "Ahora no hay nadie atendiendo (horario: {hours}); yo puedo seguir buscando. Si necesita a "
    "una persona, deje su pregunta y {contact}: le responderemos aquí antes de {reply_by}{notice}.",
    "message_left": "Hemos recibido su mensaje. Le responderemos aquí antes de {reply_by}{notice}.",
    "after_hours_untimed": "Ahora no hay nadie atendiendo (horario: {hours}); yo puedo seguir buscando. Si "
    "necesita a una persona, deje su pregunta y {contact}: le responderemos aquí lo antes posible{notice}.",
    "after_hours_again": "Entiendo que es urgente. Todavía no hay nadie conectado; lo que ha escrito queda "
    "aquí y será lo primero que se lea. Si quiere, deje un teléfono.",
    "message_left_untimed": "Hemos recibido su mensaje. Le responderemos aquí lo antes posible{notice}.",
    "manager_takes": "{manager}, su responsable de éxito del cliente, se ocupa personalmente de este asunto y "
    "se pondrá en contacto con usted antes de {reply_by} (incidencia {ticket}). Las novedades aparecerán en "
    "esta ventana; si quiere añadir algo, escríbalo aquí.",
    "manager_takes_untimed": "{manager}, su responsable de éxito del cliente, se ocupa personalmente de este "
    "asunto y se pondrá en contacto con usted lo antes posible (incidencia {ticket}). Las novedades aparecerán "
    "en esta ventana; si quiere añadir algo, escríbalo aquí.",
    "owner_told": "Hemos avisado a {manager} de que busca a alguien. ",
    "owner_takes": "{manager} se ocupa personalmente de este asunto y se pondrá en contacto con usted antes de "
    "{reply_by} (incidencia {ticket}). Las novedades aparecerán en esta ventana; si quiere añadir algo, "
    "escríbalo aquí.",
    "owner_takes_untimed": "{manager} se ocupa personalmente de este asunto y se pondrá en contacto con usted "
    "lo antes posible (incidencia {ticket}). Las novedades aparecerán en esta ventana; si quiere añadir algo, "
    "escríbalo aquí.",
    # 7 a human joins
    "agent_joined": "{agent} (n.º {staff_number}) se ha unido.",
    "agent_joined_plain": "{agent} se ha unido.",
    "first_sentence": "Hola, soy {agent} y he leído la conversación. Quiere {question}, ¿verdad?",
    "agent_changed": "{agent} continúa con su caso y tiene toda la conversación.",
    "back_to_line": "Su compañero ha tenido que salir. Es el primero de la cola y enseguida le atiende otra persona.",
    # 8 idle
    "idle_warning": "¿Sigue ahí? Sin prisa si está probando algo; basta con un «sí». Si en {minutes} "
    "minutos no hay mensajes, esta conversación termina por ahora; responda aquí en 24 horas y seguimos donde "
    "estábamos.",
    # 9 ending
    "closing": "Su consulta sobre «{topic}» está resuelta. Si vuelve a ocurrir, responda en 24 horas y "
    "seguimos. Gracias por su paciencia.",
    "closing_plain": "Su consulta está resuelta. Si vuelve a ocurrir, responda en 24 horas y seguimos. Gracias "
    "por su paciencia.",
    "closing_ticket": "Por ahora queda así «{topic}». Seguimos con el caso {ticket} y le contamos aquí las "
    "novedades. Responda en 24 horas para continuar. Gracias por su paciencia.",
    "closing_ticket_plain": "Por ahora terminamos aquí. Seguimos con el caso {ticket} y le contamos aquí las "
    "novedades. Responda en 24 horas para continuar. Gracias por su paciencia.",
    "closing_open": "Por ahora terminamos aquí. Si el problema sigue, responda en 24 horas y continuamos donde lo "
    "dejamos. Gracias por su paciencia.",
    "idle_closed": "Hace un rato que no tenemos noticias, así que la conversación termina aquí. Si el "
    "problema sigue, responda sin más.",
    # 10 rating
    "ended_for_now": "Esta conversación termina aquí y por ahora no puede continuar. Gracias por su comprensión.",
    "ask_solved": "¿Se ha resuelto el problema?",
    "ask_rating": "¿Qué tal le ha atendido {agent}?",
    "low_rating": "Sentimos que no haya ido bien. ¿Nos cuenta qué ha fallado? Un supervisor lo revisará y se "
    "pondrá en contacto con usted en {review_within}.",
    "thanks_rating": "Gracias por su valoración.",
    "not_solved": "De acuerdo, esto no ha terminado. Puede seguir con una persona o pasarlo a un caso.",
    # small talk
    "talk_greeting": "Hola. Cuénteme qué quiere hacer y dónde se ha quedado, y lo busco enseguida.",
    "talk_presence": "Aquí estoy, dígame. ¿Qué quiere hacer y dónde se ha quedado?",
    "talk_test": "Ha llegado bien. Cuando quiera, escriba su pregunta.",
    "talk_thanks": "De nada. Si surge algo más, aquí estoy.",
    "talk_goodbye": "Muy bien, que tenga un buen día. Si surge algo, aquí estoy.",
    "talk_identity": "Soy {assistant}, el asistente de {brand}, y soy un robot. Respondo al momento a preguntas "
    "sobre el producto; si prefiere una persona, dígamelo cuando quiera.",
    "talk_ability": "Pregúnteme cómo se hace algo, dónde está una función o qué significa un error. "
    "Cuénteme qué quiere hacer y dónde se ha quedado; lo que yo no sepa pasa a una persona.",
    "talk_praise": "Gracias, me alegra leerlo. Si surge algo más, aquí estoy.",
    "talk_agreed": "De acuerdo. Si necesita algo más, siga escribiendo.",
    "talk_solved": "Me alegro de que esté resuelto. Si surge algo más, aquí estoy.",
    "talk_laugh": "Me alegra verle de buen humor. Si tiene una pregunta sobre el producto, adelante.",
    "talk_emoji": "Recibido. Si tiene una pregunta sobre el producto, basta con una frase.",
    "talk_nudge": "Aquí estoy. Si algo sigue sin estar claro, añada una frase y vuelvo a buscar, o hable con "
    "una persona.",
    "talk_key_mash": "Parece que el mensaje salió a medias. Escriba su pregunta otra vez, por favor.",
    "talk_hours": "Nuestro horario de atención es {hours}; entonces pulse «Hablar con una persona». Yo puedo "
    "buscar en cualquier momento.",
    "talk_hours_untimed": "Si quiere hablar con una persona, pulse «Hablar con una persona» cuando quiera. Yo "
    "puedo buscar en cualquier momento.",
    "talk_scolded": "Veo que no le estoy sirviendo de ayuda. Deme algún detalle más y vuelvo a buscar, o "
    "hable con una persona; no tendrá que repetir nada.",
    # times
    "dawn": "Buenos días",
    "morning": "Buenos días",
    "noon": "Buenas tardes",
    "afternoon": "Buenas tardes",
    "evening": "Buenas noches",
    "today": "hoy a las {time}",
    "tomorrow": "mañana a las {time}",
    "on_day": "{weekday} {day}/{month} a las {time}",
    "weekdays": "lun mar mié jue vie sáb dom",
    "minutes": "{low}–{high} minutos",
    "minutes_same": "{low} minutos",
    "under_a_minute": "menos de un minuto",
    "over_an_hour": "más de una hora",
    "one_workday": "un día laborable",
    # the hand-over card
    "card_shown": "Leyó «{title}»",
    "card_helpful": "Leyó «{title}», le sirvió",
    "card_not_helpful": "Leyó «{title}», no le sirvió",
    "card_tried": "Ha probado: {text}",
    "card_error": "Vio: {text}",
    # calling back
    "callback_booked": "Le llamaremos {when} al {phone}. Puede cambiarlo o cancelarlo en esta ventana.",
    "callback_changed": "La llamada pasa a {when}, al {phone}.",
    "callback_cancelled": "La llamada de {when} queda cancelada; puede reservar otra cuando quiera.",
    "notice_sms": ", con aviso por SMS",
    "notice_mail": ", con aviso por correo",
    "notice_both": ", con aviso por SMS o correo",
    "contact_phone": "un teléfono",
    "contact_mail": "un correo",
    "contact_both": "un teléfono o un correo",
    # de vuelta al asistente
    "to_bot_ask": "Su agente propone que nuestro asistente {assistant} continúe desde aquí. Solo si usted acepta, "
    "y puede volver con una persona en cualquier momento.",
    "to_bot_yes": "De acuerdo",
    "to_bot_no": "Seguir con una persona",
    "to_bot_done": "Soy {assistant} y continúo desde aquí. ¿Qué más le gustaría saber?",
    # buttons
    "button_request_human": "Hablar con una persona",
    "button_none_of_these": "Ninguna de estas",
    "button_describe": "Añadir detalles",
    "button_leave_message": "Dejar un mensaje",
    "button_leave_queue": "Salir de la cola",
    "button_to_message": "Dejar un mensaje",
    "button_handed_over": "Ver lo que se ha pasado",
    "button_solved": "Resuelto",
    "button_not_solved": "Sin resolver",
    "button_to_ticket": "Pasarlo a un caso",
    "button_rating_5": "Muy bien",
    "button_rating_4": "Bien",
    "button_rating_3": "Normal",
    "button_rating_2": "Mal",
    "button_rating_1": "Muy mal",
}
