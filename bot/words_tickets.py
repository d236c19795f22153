"""What the desk says about a customer's tickets, by language; the templates of `Wording`."""

from bot.records import Language

WORDS: dict[Language, dict[str, str]] = {
    "zh-CN": {
        "ticket_untitled": "未写明的问题",
        "ticket_solved": "您的“{title}”（工单 {number}）已经处理好了。问题解决了吗？{days} "
        "个工作日内没有消息，工单会自动关闭。",
        "ticket_yes": "已解决",
        "ticket_no": "还没解决",
        "ticket_confirmed": "谢谢您的确认，工单 {number} 已关闭。{days} 天内如果又遇到，在工单里回复一句就会重新处理。",
        "ticket_reopened": "好的，这件事还没完。工单 {number} 已重新打开，有进展在这里告诉您。",
        "ticket_going_on": "工单 {number} 还在继续处理，有进展在这里告诉您。",
        "ticket_merged": "您的工单 {number} 和 {into} 是同一件事，已合在一起处理，之后的进展都在 {into} 里。",
        "ticket_joined": "工单 {number} 正和另一张同样问题的工单一起处理，进展仍在这里告诉您。",
    },
    "zh-TW": {
        "ticket_untitled": "未寫明的問題",
        "ticket_solved": "您的「{title}」（工單 {number}）已經處理好了。問題解決了嗎？{days} "
        "個工作日內沒有消息，工單會自動關閉。",
        "ticket_yes": "已解決",
        "ticket_no": "還沒解決",
        "ticket_confirmed": "謝謝您的確認，工單 {number} 已關閉。{days} 天內如果又遇到，在工單裡回覆一句就會重新處理。",
        "ticket_reopened": "好的，這件事還沒完。工單 {number} 已重新開啟，有進展在這裡告訴您。",
        "ticket_going_on": "工單 {number} 還在繼續處理，有進展在這裡告訴您。",
        "ticket_merged": "您的工單 {number} 和 {into} 是同一件事，已合在一起處理，之後的進展都在 {into} 裡。",
        "ticket_joined": "工單 {number} 正和另一張同樣問題的工單一起處理，進展仍在這裡告訴您。",
    },
    "en": {
        "ticket_untitled": "Request",
        "ticket_solved": "“{title}” (ticket {number}) has been taken care of. Is it solved? Without word from you the "
        "ticket closes after {days} working days.",
        "ticket_yes": "Solved",
        "ticket_no": "Not yet",
        "ticket_confirmed": "Thank you for telling us; ticket {number} is closed. Should it happen again within {days} "
        "days, a word in the ticket opens it again.",
        "ticket_reopened": "All right, so this is not over. Ticket {number} is open again, and we tell you here what "
        "comes of it.",
        "ticket_going_on": "We are still working on ticket {number} and tell you here what comes of it.",
        "ticket_merged": "Your tickets {number} and {into} are about the same matter. We handle them together; what "
        "comes next stands in {into}.",
        "ticket_joined": "Ticket {number} is now handled together with another one about the same problem. We keep "
        "you posted here as before.",
    },
    "ja": {
        "ticket_untitled": "お問い合わせ",
        "ticket_solved": "「{title}」（チケット {number}）の対応が完了しました。問題は解決しましたか。{days} "
        "営業日以内にご返信がない場合、チケットは自動的に終了します。",
        "ticket_yes": "解決しました",
        "ticket_no": "まだです",
        "ticket_confirmed": "ご確認ありがとうございます。チケット {number} を終了しました。{days} "
        "日以内に再び起きた場合は、チケットにご返信いただければ対応を再開します。",
        "ticket_reopened": "承知しました。チケット {number} の対応を再開しました。進展はこちらでお知らせします。",
        "ticket_going_on": "チケット {number} は引き続き対応しています。進展はこちらでお知らせします。",
        "ticket_merged": "チケット {number} と {into} は同じ件のため、まとめて対応します。今後の進展は {into} "
        "でお知らせします。",
        "ticket_joined": "チケット {number} は同じ問題の別のチケットとまとめて対応しています。進展はこれまでどおり"
        "こちらでお知らせします。",
    },
    "es": {
        "ticket_untitled": "Consulta",
        "ticket_solved": "Hemos terminado con «{title}» (tique {number}). ¿Está resuelto? Si no nos dice nada, el "
        "tique se cerrará en {days} días laborables.",
        "ticket_yes": "Resuelto",
        "ticket_no": "Todavía no",
        "ticket_confirmed": "Gracias por confirmarlo; el tique {number} queda cerrado. Si vuelve a ocurrir en {days} "
        "días, escriba en el tique y lo retomaremos.",
        "ticket_reopened": "De acuerdo, esto no ha terminado. El tique {number} está abierto de nuevo y le contaremos "
        "aquí cómo avanza.",
        "ticket_going_on": "Seguimos trabajando en el tique {number} y le contaremos aquí cómo avanza.",
        "ticket_merged": "Sus tiques {number} y {into} tratan de lo mismo. Los llevamos juntos; lo que siga estará en "
        "{into}.",
        "ticket_joined": "El tique {number} se lleva junto con otro sobre el mismo problema. Le seguiremos contando "
        "aquí cómo avanza.",
    },
}
