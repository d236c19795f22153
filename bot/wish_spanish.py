"""How customers ask for a human in Spanish, and what only sounds like it; accents are taken off before reading."""

from __future__ import annotations

from bot.wish_patterns import WishPatterns

_ACCENTS = str.maketrans("áéíóúü", "aeiouu")

_ES_HUMAN = (
    r"(?:humanos?|humana|ser humano|personas?(?: real| humana| de verdad| fisica)?|agente|asesora?|operadora?|"
    r"representante|alguien|ejecutiv[oa]|tecnico|supervisora?|"
    r"encargad[oa]|gerente|soporte|atencion al cliente|servicio al cliente|vuestro equipo|su equipo)\b"
)
_ES_SURELY = (
    r"(?:humano|ser humano|persona (?:real|humana|de verdad|fisica)|persona que me|agente|asesora?|operadora?|"
    r"representante|ejecutiv[oa]|atencion (?:humana|personal|al cliente)|"
    r"soporte humano|ayuda humana)\b"
)
_REFUSED = (
    (
        r"\b(?:pas|transf|deriv|mov|compart|ced)\w*(?: \w+){0,2} (?:tareas?|proyectos?|archivos?|documentos?|"
        r"licencias?|cuentas?)\b"
    ),
    (
        r"\b(?:asign|agreg|anad|invit|elimin|mencion|notific|compart)\w*(?: \w+){0,4} (?:personas?|agentes?|asesor|"
        r"representante|alguien|operador|gerente|tecnico)\b"
    ),
    (
        r"\b(?:rol|permisos?|campo|cuenta|perfil|licencia)(?: de| del)? (?:agente|persona|operador|gerente|asesor|"
        r"representante|soporte|supervisor)\b"
    ),
    (
        r"\brecursos humanos\b|\berror(?:es)? humanos?\b|\bhoras?[- ](?:persona|hombre)\b|\b(?:gerente|jefe|agente|"
        r"miembros?|encargado) (?:de|del) (?:proyecto|producto|equipo|tarea)\b"
    ),
    (
        r"\bno (?:quiero|necesito|hace falta|es necesario)(?: hablar con| un| una| ningun| a)* (?:humano|agente|"
        r"asesor|persona|operador)\b"
    ),
    (
        r"\bagente de (?:escritorio|integracion|sincronizacion|windows|mac|linux)\b|"
        r"\bno (?:hace falta|necesito|quiero|es necesario)(?: que)?(?: me)? llam\w+|\bya me (?:atendi|ayud|llam)\w+"
    ),
)
_ASKED = (
    (
        r"\b(?:hablar|habla|hable|hablo|chatear|conversar|comunic\w+|contact\w+|conect\w+|pas[ae]\w*|transf\w+|"
        r"deriv\w+|atiend\w+|atender\w*|ponme|pongame|ponerme|poner|"
        rf"escalar)\b(?: (?!no\b)\w+){{0,3}}? (?:con|a|por|al|de)? ?(?:(?:un|una|el|la|los|su|algun|alguna|otro|"
        rf"otra|vuestro) )?{_ES_HUMAN}"
    ),
    (
        r"\b(?:quiero|necesito|deseo|prefiero|exijo|quisiera|dame|deme|busco|hay|solicito|gustaria|pido|requiero|"
        r"quiere)\b(?: \w+){0,2}? ?"
        rf"(?:(?:un|una|algun|alguna|al) )?{_ES_SURELY}"
    ),
    (
        r"^\W*(?:(?:un|una|con un|con una) )?(?:agente|humano|asesor|operador|persona real|representante|soporte "
        r"humano|atencion al cliente)(?:,? por favor| ya| urgente)*\W*$"
    ),
)
_IMPLIED = (
    (
        r"\bhay alguien\b|\balguien (?:ahi|me puede|puede|me ayuda|que me ayude|me atiende)|\bllama(?:me|rme)\b|"
        r"\bllamen(?:me)?\b|\bme (?:pueden?|podrian?) llamar\b|\bpor telefono\b"
    ),
    (
        r"\b(?:no quiero|en vez de|en lugar de|harto de|cansad[oa] de|deja de)\b(?: \w+){0,4} (?:bot|robot|maquina|"
        r"chatbot|contestador)\b"
    ),
    (
        r"\b(?:bot|robot|maquina|chatbot)(?: \w+){0,2} (?:no sirve|inutil|no entiende|no ayuda|no me ayuda)\b|"
        r"\bno me "
        r"(?:estas|esta) ayudando\b"
    ),
    (
        r"\bno me est(?:as?|an) entendiendo\b|"
        r"\bquien (?:manda|responde|es (?:el|la) (?:responsable|encargad[oa])) "
        r"(?:ahi|alli|de (?:facturacion|soporte|ventas))\b"
    ),
    (
        r"\bque (?:lo|la|me) (?:vea|revise|atienda|ayude|llame|mire)n? (?:alguien|una persona|un \w+)|"
        r"\balguien de (?:su|tu|vuestro|turno|el|la)\b|"
        r"\b(?:reunion|llamada|videollamada) con (?:su|tu|alguien|ustedes|vosotros)\b"
    ),
    r"\b(?:telefono|numero|linea) de (?:soporte|atencion|contacto|asistencia)\b",
)


def _corrected(line: str) -> str:
    return line.translate(_ACCENTS)


SPANISH = WishPatterns.of(refused=_REFUSED, asked=_ASKED, implied=_IMPLIED, corrected=_corrected)
