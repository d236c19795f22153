"""What the bot says in Traditional Chinese, in words that Taiwan uses; the same keys as in Simplified; edit freely,
keep the {names}.
"""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    # 1 歡迎
    "welcome": "{part_of_day}好，我是{brand}智慧助理{assistant}，產品使用問題我可以馬上回答。請說說您想做什麼、"
    "卡在哪一步。需要人工時，隨時點「轉人工」（人工服務：{hours}）。",
    "welcome_named": "{part_of_day}好，{name}，我是{brand}智慧助理{assistant}，產品使用問題我可以馬上回答。請說"
    "說您想做什麼、卡在哪一步。需要人工時，隨時點「轉人工」（人工服務：{hours}）。",
    # 2 不太確定
    "not_sure": "想先跟您確認一下，您問的是下面哪一個？",
    "not_sure_single": "想先跟您確認一下，您問的是下面這個嗎？",
    "urgent_answer": "如果現在就影響到大家工作，可以直接轉人工。",
    # 3 沒答上來
    "no_answer": "這個問題我沒有找到可靠的答案，不想隨便答您。您可以補充一下在哪個頁面、點了什麼、看到什麼提示；"
    "也可以直接轉人工，說過的內容不用重複。",
    "not_helpful": "看來剛才的回答沒幫上您。您可以補充一下在哪個頁面、點了什麼、看到什麼提示，我再找一找；也可以"
    "直接轉人工，說過的內容不用重複。",
    "none_fits": "明白，都不是您要問的。您可以換個說法，補充一下在哪個頁面、點了什麼；也可以直接轉人工，說過的內"
    "容不用重複。",
    "choose_again": "沒有這個編號，您點一下或回覆前面的數字就可以。都不符合的話，說「都不是」。",
    "none_fits_but": "明白，那幾個都不是。您要找的會不會在下面？都不是的話，補充一下實際狀況，或者直接轉人工。",
    "not_helpful_but": "看來剛才的回答沒幫上您。您要找的會不會在下面？都不是的話，補充一下實際狀況，或者直接轉人工。",
    "which_one": "您要問的是哪一個？點一下，或者回覆前面的數字就可以；都不符合的話，說「都不是」。",
    "say_more": "請用一句話說說您想做什麼、卡在哪一步，我好幫您找答案；也可以直接轉人工。",
    "picture_only": "圖片收到了。請再用一句話說說遇到了什麼問題，我好幫您找答案；也可以直接轉人工。",
    "link_only": "連結收到了。請再用一句話說說遇到了什麼問題，我好幫您找答案；也可以直接轉人工。",
    # 4 轉人工
    "handing_off": "好的，正在為您轉接{group}同事。前面說的已一併轉交，不用再說一次。",
    "handing_off_bare": "好的，正在為您轉接{group}同事。",
    "handing_off_angry": "明白，這件事影響到您的工作了。我現在就請{group}同事接手，前面的內容都已轉交。",
    "handing_off_urgent": "這件事比較急，我現在就請{group}同事接手，前面的內容都已轉交，不用再說一次。",
    "handing_off_miss": "這個問題我還沒幫您解決，正在為您轉接{group}同事。前面說的已一併轉交，不用再說一次。",
    "any_group": "人工",
    "ask_topic": "方便的話點一下是哪方面的問題，能更快找對同事；不選也可以。",
    # 5 排隊
    "queue_place": "您前面還有 {ahead} 位，預計 {eta}。可以先忙別的，{keep_minutes} 分鐘內回來位置都在；等待時補"
    "充的內容，同事加入後會先看到。",
    "queue_next": "您是下一位，預計 {eta}。可以先忙別的，{keep_minutes} 分鐘內回來位置都在；等待時補充的內容，同"
    "事加入後會先看到。",
    "queue_slower": "現在詢問的人比較多，還需要約 {eta}，讓您久等了。{instead}",
    "queue_slower_plain": "現在詢問的人還是比較多，還需要約 {eta}。{instead}",
    "queue_slower_untimed": "剛才在線上的同事都暫時離開了，讓您久等了。{instead}",
    "queue_slower_untimed_plain": "線上的同事都暫時離開了，回來後依序接待。{instead}",
    "queue_instead": "不方便等的話可以留言，我們會在{reply_by}前回覆。",
    "queue_instead_untimed": "不方便等的話可以留言，我們會盡快回覆。",
    "understanding": "明白，這件事影響到您的工作了。",
    "queue_added": "收到，已經補充到轉交的內容裡，同事加入後會先看到。",
    "queue_now": "您前面還有 {ahead} 位，預計 {eta}。您的位置一直留著。",
    "queue_now_next": "您是下一位，預計 {eta}。您的位置一直留著。",
    "queue_now_untimed": "您前面還有 {ahead} 位，同事上線後依序接待。您的位置一直留著。",
    "queue_now_next_untimed": "您是下一位，同事上線後馬上接待您。",
    "queue_solved": "太好了。問題解決了的話，可以取消排隊；還想和同事確認一下，就接著等，位置不變。",
    "queue_given_up": "您離開超過 {keep_minutes} 分鐘，排隊先為您取消了，說過的內容都還在。"
    "需要人工時，隨時再點「轉人工」。",
    "queue_given_up_left": "您離開超過 {keep_minutes} 分鐘，排隊先為您取消了，說過的內容已經轉成留言。{reply}",
    "queue_closed": "同事已經下班了（人工服務：{hours}），您的位置還留著。不方便等的話，請留下問題和{contact}，"
    "也可以預約回電。{reply}",
    "reply": "我們會在{reply_by}前回覆，答覆會出現在這個視窗{notice}。",
    "reply_untimed": "我們會盡快回覆，答覆會出現在這個視窗{notice}。",
    "topic_usage": "使用問題",
    "topic_fault": "故障",
    "topic_billing": "帳單",
    "topic_presales": "售前",
    "topic_skip": "跳過",
    "topic_noted": "好的，記下了：{topic}。",
    "queue_left": "已為您取消排隊。產品問題我可以繼續幫您查，需要人工時隨時再點「轉人工」。",
    "while_waiting": "等待期間，先給您一個可能有用的答案，不影響您的排隊位置：",
    "busy": "現在提問的人特別多，我一時答不過來，讓您久等了。您可以直接轉人工，"
    "說過的內容不用重複；也可以過幾分鐘再問我一次。",
    "nobody": "現在沒有同事在線上。請留下問題和{contact}，我們會在{reply_by}前回覆，答覆會出現在這個視窗{notice}。",
    "nobody_untimed": "現在沒有同事在線上。請留下問題和{contact}，我們會盡快回覆，答覆會出現在這個視窗{notice}。",
    # 6 非工作時間
    "after_hours": "現在不在人工服務時間（{hours}），產品問題我可以繼續幫您查。需要人工處理的，請留下問題和"
    "{contact}，我們會在{reply_by}前回覆，答覆會出現在這個視窗{notice}。",
    "message_left": "留言收到了，我們會在{reply_by}前回覆，答覆會出現在這個視窗{notice}。",
    "after_hours_untimed": "現在不在人工服務時間（{hours}），產品問題我可以繼續幫您查。需要人工處理的，請留下問"
    "題和{contact}，我們會盡快回覆，答覆會出現在這個視窗{notice}。",
    "after_hours_again": "明白您著急。現在還沒有同事在線上，您說的都留在這裡，同事上班後會先看到；方便的話再留"
    "個手機號碼。",
    "message_left_untimed": "留言收到了，我們會盡快回覆，答覆會出現在這個視窗{notice}。",
    "manager_takes": "這件事由您的客戶成功經理{manager}全程負責，會在{reply_by}前聯絡您（工單 {ticket}）。"
    "進展會出現在這個視窗，需要補充的內容直接發在這裡就行。",
    "manager_takes_untimed": "這件事由您的客戶成功經理{manager}全程負責，會盡快聯絡您（工單 {ticket}）。"
    "進展會出現在這個視窗，需要補充的內容直接發在這裡就行。",
    "owner_told": "已經告訴{manager}您在找人。",
    "owner_takes": "這件事由{manager}全程負責，會在{reply_by}前聯絡您（工單 {ticket}）。進展會出現在這個視窗，"
    "需要補充的內容直接發在這裡就行。",
    "owner_takes_untimed": "這件事由{manager}全程負責，會盡快聯絡您（工單 {ticket}）。進展會出現在這個視窗，"
    "需要補充的內容直接發在這裡就行。",
    # 7 人工接入
    "agent_joined": "{agent}（工號 {staff_number}）已加入對話。",
    "agent_joined_plain": "{agent}已加入對話。",
    "first_sentence": "您好，我是{agent}，前面的對話我看過了。您是想{question}，對嗎？",
    "agent_changed": "已轉給{agent}繼續處理，前面的對話都在。",
    "back_to_line": "剛才的同事暫時離開了，您排在最前面，馬上有人接手。",
    # 8 久未回覆
    "idle_warning": "您還在嗎？正在操作的話不用急，回個「在」就可以。{minutes} 分鐘內沒有訊息，這次會話會先結束；"
    "24 小時內在這裡回覆，可以接著處理，不用從頭說。",
    # 9 結束
    "closing": "您詢問的「{topic}」已經處理好了。如果又遇到，24 小時內直接回覆就能接著處理。謝謝您的耐心，祝您工"
    "作順利。",
    "closing_plain": "這次的問題已經處理好了。如果又遇到，24 小時內直接回覆就能接著處理。謝謝您的耐心，祝您工作順利。",
    "closing_ticket": "您詢問的「{topic}」先到這裡。工單 {ticket} 我們會持續跟進，有進展在這裡告訴您。24 小時內"
    "直接回覆就能接著處理。謝謝您的耐心，祝您工作順利。",
    "closing_ticket_plain": "這次對話先到這裡。工單 {ticket} 我們會持續跟進，有進展在這裡告訴您。24 小時內直接回覆"
    "就能接著處理。謝謝您的耐心，祝您工作順利。",
    "closing_open": "這次對話先到這裡。問題還在的話，24 小時內直接回覆就能接著處理，不用從頭說。謝謝您的耐心。",
    "idle_closed": "一段時間沒有收到您的訊息，會話先結束了。問題還在的話，直接回覆就好。",
    # 10 評價
    "ended_for_now": "這次會話先到這裡，暫時無法繼續。謝謝您的理解。",
    "ask_solved": "剛才的問題解決了嗎？",
    "ask_rating": "您對{agent}的服務滿意嗎？",
    "low_rating": "抱歉這次沒有讓您滿意。方便說說哪裡沒做好嗎？主管會在 {review_within} 內查看並與您聯繫。",
    "thanks_rating": "謝謝您的評價。",
    "not_solved": "好的，這件事還沒完。您可以繼續找人工，也可以轉為工單追蹤。",
    # 閒聊
    "talk_greeting": "您好，我在。請說說您想做什麼、卡在哪一步，我馬上幫您查。",
    "talk_presence": "在的，您請說。想做什麼、卡在哪一步，都可以直接告訴我。",
    "talk_test": "收到，可以正常對話。有問題直接說就好。",
    "talk_thanks": "不客氣。還有別的問題，隨時在這裡說。",
    "talk_goodbye": "好的，祝您工作順利。再有問題，直接在這裡說就好。",
    "talk_identity": "我是{brand}智慧助理{assistant}，是機器人。產品使用問題我可以馬上回答，想找同事的話，隨時點"
    "「轉人工」。",
    "talk_ability": "產品怎麼用、功能在哪裡、出現錯誤怎麼處理，都可以問我。請說說您想做什麼、卡在哪一步；我答不"
    "上的，隨時可以轉人工。",
    "talk_praise": "謝謝您，有您這句話我很高興。還有別的問題，隨時在這裡說。",
    "talk_agreed": "好的。您那邊還有需要的話，接著說就行。",
    "talk_solved": "太好了，解決了就好。再遇到問題，直接在這裡說。",
    "talk_laugh": "看來您心情不錯。有產品上的問題，隨時問我。",
    "talk_emoji": "收到。有產品上的問題，用一句話告訴我就行。",
    "talk_nudge": "我在。剛才的問題如果還沒清楚，補充一句我再幫您看；也可以直接轉人工。",
    "talk_key_mash": "剛才這條好像沒打完。您想問什麼，再傳一次就好。",
    "talk_hours": "人工服務時間是{hours}，到時點“轉人工”就能找到同事。產品問題我隨時可以查，您現在就可以問。",
    "talk_hours_untimed": "想找同事的話，隨時點“轉人工”，有人在就會馬上接待。產品問題我隨時可以查，您現在就可以問。",
    "talk_scolded": "看來我沒幫上您。您把狀況再說具體一點，我重新查；也可以直接轉人工，說過的內容不用重複。",
    # 時間
    "dawn": "早上",
    "morning": "上午",
    "noon": "中午",
    "afternoon": "下午",
    "evening": "晚上",
    "today": "今天 {time}",
    "tomorrow": "明天 {time}",
    "on_day": "{month}月{day}日（週{weekday}）{time}",
    "weekdays": "一二三四五六日",
    "minutes": "{low}–{high} 分鐘",
    "minutes_same": "{low} 分鐘",
    "under_a_minute": "不到 1 分鐘",
    "over_an_hour": "1 小時以上",
    "one_workday": "1 個工作日",
    # 交接卡
    "card_shown": "看過「{title}」",
    "card_helpful": "看過「{title}」，有幫助",
    "card_not_helpful": "看過「{title}」，沒有幫助",
    "card_tried": "自己試過：{text}",
    "card_error": "看到的提示：{text}",
    # 預約回電
    "callback_booked": "已為您預約{when}回電，號碼 {phone}。要改時間或取消，在這個視窗操作就行。",
    "callback_changed": "回電改到{when}了，號碼 {phone}。",
    "callback_cancelled": "{when}的回電已經取消，需要時可以再約。",
    "notice_sms": "，並傳簡訊提醒您",
    "notice_mail": "，並寄郵件提醒您",
    "notice_both": "，並用簡訊或郵件提醒您",
    "contact_phone": "手機號碼",
    "contact_mail": "信箱",
    "contact_both": "手機號碼或信箱",
    # 交還機器人
    "to_bot_ask": "同事想請智能助理{assistant}接著為您解答，可以嗎？您選〔同意〕才會轉過去，隨時可以再找真人客服。",
    "to_bot_yes": "同意",
    "to_bot_no": "繼續真人客服",
    "to_bot_done": "好的，我是{assistant}，接著為您解答。請說說還想了解什麼。",
    # 按鈕
    "button_request_human": "轉人工",
    "button_none_of_these": "都不是",
    "button_describe": "補充說明",
    "button_leave_message": "留言",
    "button_leave_queue": "取消排隊",
    "button_to_message": "改為留言",
    "button_handed_over": "看看轉交了什麼",
    "button_solved": "已解決",
    "button_not_solved": "還沒解決",
    "button_to_ticket": "轉為工單追蹤",
    "button_rating_5": "非常滿意",
    "button_rating_4": "滿意",
    "button_rating_3": "普通",
    "button_rating_2": "不滿意",
    "button_rating_1": "很不滿意",
}
