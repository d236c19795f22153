"""What the bot says in English: the same sentences under the same keys as in Chinese; edit freely, keep the {names}."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    # 1 welcome
    "welcome": "Good {part_of_day}. I am {assistant}, the assistant of {brand}, and can answer questions about the "
    "product right away. "
    "Tell me what you want to do and where you are stuck. For a person, press “Talk to a person” at any time "
    "(hours: {hours}).",
    "welcome_named": "Good {part_of_day}, {name}. I am {assistant}, the assistant of {brand}, and can answer "
    "questions about the product "
    "right away. Tell me what you want to do and where you are stuck. For a person, press “Talk to a person” at "
    "any time (hours: {hours}).",
    # 2 not sure
    "not_sure": "Let me check first: which of these do you mean?",
    "not_sure_single": "Let me check first: is this what you mean?",
    "urgent_answer": "If this is stopping people from working right now, you can go straight to a person.",
    # 3 no answer
    "no_answer": "I have no reliable answer to this and do not want to guess. You can add which page you are on, "
    "what you clicked and what "
    "you saw, or talk to a person; you will not have to repeat anything.",
    "not_helpful": "So my answer did not help. You can add which page you are on, what you clicked and what you "
    "saw, and I will look again, "
    "or talk to a person; you will not have to repeat anything.",
    "none_fits": "I see, none of these. You can put it in other words and add which page you are on, or talk to a "
    "person; you will not "
    "have to repeat anything.",
    "choose_again": "There is no such number. Please tap one or reply with the number in front of it; if none fits, "
    "say “none of these”.",
    "none_fits_but": "I see, none of those. Could it be one of these? If not, add a few words about what you see, or "
    "talk to a person.",
    "not_helpful_but": "So my answer did not help. Could it be one of these? If not, add a few words about what you "
    "see, or talk to a person.",
    "which_one": "Which one is it? Please tap it or reply with the number in front of it; if none fits, say “none of "
    "these”.",
    "say_more": "Please say in one sentence what you want to do and where you are stuck, so that I can look for the "
    "answer. "
    "You can also talk to a person.",
    "picture_only": "I have your picture. Please add one sentence about the problem, so that I can look for the "
    "answer. "
    "You can also talk to a person.",
    "link_only": "I have your link. Please add one sentence about the problem, so that I can look for the answer. "
    "You can also talk to a person.",
    # 4 hand-off
    "handing_off": "All right, I am passing you to a colleague from {group}. Everything you wrote goes "
    "along; no need to say it again.",
    "handing_off_bare": "All right, I am passing you to a colleague from {group}.",
    "handing_off_angry": "I see, this is getting in the way of your work. A colleague from {group} takes over now, "
    "with everything you wrote.",
    "handing_off_urgent": "This cannot wait. A colleague from {group} takes over now, with everything you wrote; no "
    "need to say it again.",
    "handing_off_miss": "I have not solved this for you, so I am passing you to a colleague from {group}. "
    "Everything you wrote goes along; "
    "no need to say it again.",
    "any_group": "our support team",
    "ask_topic": "If you like, tap what it is about, so that the right colleague comes sooner; you can skip this.",
    # 5 in the line
    "queue_place": "There are {ahead} people ahead of you, about {eta}. Feel free to do something else; your place "
    "is kept for {keep_minutes} "
    "minutes. What you add meanwhile is read first.",
    "queue_next": "You are next, about {eta}. Feel free to do something else; your place is kept for {keep_minutes} "
    "minutes. "
    "What you add meanwhile is read first.",
    "queue_slower": "Many people are asking right now; it will take about {eta} more. Sorry for the wait. {instead}",
    "queue_slower_plain": "Many people are still asking; it will take about {eta} more. {instead}",
    "queue_slower_untimed": "The colleagues who were online have stepped away. Sorry for the wait. {instead}",
    "queue_slower_untimed_plain": "The colleagues who were online have stepped away; they take everybody in turn "
    "when they are back. {instead}",
    "queue_instead": "If you cannot wait, leave a message and we will reply before {reply_by}.",
    "queue_instead_untimed": "If you cannot wait, leave a message and we will reply as soon as we can.",
    "understanding": "I see, this is getting in the way of your work. ",
    "queue_added": "Got it, this goes along; the agent reads it first.",
    "queue_now": "There are {ahead} people ahead of you, about {eta}. Your place is kept.",
    "queue_now_next": "You are next, about {eta}. Your place is kept.",
    "queue_now_untimed": "There are {ahead} people ahead of you; you are taken in turn once somebody is online. Your "
    "place is kept.",
    "queue_now_next_untimed": "You are next, as soon as somebody is online.",
    "queue_solved": "Glad to hear it. If it is solved you can leave the line; to check with a person, just keep "
    "waiting, your place is kept.",
    "queue_given_up": "You were away for more than {keep_minutes} minutes, so your place in line was released; what "
    "you wrote is still here. For a person, press “Talk to a person” again at any time.",
    "queue_given_up_left": "You were away for more than {keep_minutes} minutes, so your place in line was released "
    "and what you wrote was kept as a message. {reply}",
    "queue_closed": "Our people have left for today (hours: {hours}); your place is kept. If you cannot wait, leave "
    "your question and {contact}, or book a call back. {reply}",
    "reply": "We will reply before {reply_by}, in this window{notice}.",
    "reply_untimed": "We will reply as soon as we can, in this window{notice}.",
    "topic_usage": "How to use it",
    "topic_fault": "Something is broken",
    "topic_billing": "Billing",
    "topic_presales": "Before buying",
    "topic_skip": "Skip",
    "topic_noted": "Noted: {topic}.",
    "queue_left": "You have left the line. I can go on looking things up for you, and you can ask for a person "
    "again at any time.",
    "while_waiting": "While you wait, here is an answer that may help; your place is kept:",
    "busy": "Many people are asking at this moment and I cannot keep up; sorry for the wait. You can talk to a person, "
    "without saying anything twice, or ask me again in a few minutes.",
    "nobody": "Nobody is online right now. Please leave your question and {contact}; we will reply before "
    "{reply_by}, in this window{notice}.",
    "nobody_untimed": "Nobody is online right now. Please leave your question and {contact}; we will reply as "
    "soon as we can, in this window{notice}.",
    # 6 after hours
    "after_hours": "Our people are not there right now (hours: {hours}); I can go on looking things up for you. If "
    "it needs a person, leave "
    "your question and {contact}: we will reply before {reply_by}, in this window{notice}.",
    "message_left": "Your message has arrived. We will reply before {reply_by}, in this window{notice}.",
    "after_hours_untimed": "Our people are not there right now (hours: {hours}); I can go on looking things up for "
    "you. If it needs a person, leave your question and {contact}: we will reply as soon as we can, in this "
    "window{notice}.",
    "after_hours_again": "I can see this is pressing. Nobody is online yet, but everything you wrote stays "
    "here and is read first thing; a phone number would help.",
    "message_left_untimed": "Your message has arrived. We will reply as soon as we can, in this window{notice}.",
    "manager_takes": "{manager}, your customer success manager, is taking care of this in person and will "
    "contact you before {reply_by} (ticket {ticket}). News will appear in this window; if there is anything to "
    "add, just write it here.",
    "manager_takes_untimed": "{manager}, your customer success manager, is taking care of this in person and "
    "will contact you as soon as possible (ticket {ticket}). News will appear in this window; if there is "
    "anything to add, just write it here.",
    "owner_told": "{manager} has been told that you are asking for someone. ",
    "owner_takes": "{manager} is taking care of this in person and will contact you before {reply_by} (ticket "
    "{ticket}). News will appear in this window; if there is anything to add, just write it here.",
    "owner_takes_untimed": "{manager} is taking care of this in person and will contact you as soon as possible "
    "(ticket {ticket}). News will appear in this window; if there is anything to add, just write it here.",
    # 7 a human joins
    "agent_joined": "{agent} (no. {staff_number}) has joined.",
    "agent_joined_plain": "{agent} has joined.",
    "first_sentence": "Hello, I am {agent} and have read the conversation. You want to {question}, is that right?",
    "agent_changed": "{agent} goes on with this and has the whole conversation.",
    "back_to_line": "The agent had to leave. You are first in line, and somebody takes over in a moment.",
    # 8 idle
    "idle_warning": "Are you still there? No hurry if you are trying something, just say “yes”. Without a message "
    "in {minutes} minutes this "
    "conversation ends for now; reply here within 24 hours and we go on from where we were.",
    # 9 ending
    "closing": "Your question about “{topic}” is settled. If it comes back, just reply within 24 hours and we go on."
    " Thank you for your "
    "patience.",
    "closing_plain": "Your question is settled. If it comes back, just reply within 24 hours and we go on. Thank "
    "you for your patience.",
    "closing_ticket": "This is it for “{topic}” for now. We keep working on ticket {ticket} and tell you here what "
    "comes of it. Just reply "
    "within 24 hours to go on. Thank you for your patience.",
    "closing_ticket_plain": "This is it for now. We keep working on ticket {ticket} and tell you here what comes of "
    "it. Just reply within 24 hours to go on. Thank you for your patience.",
    "closing_open": "This is it for now. If the problem is still there, just reply within 24 hours and we go on where "
    "we stopped. Thank you for your patience.",
    "idle_closed": "We have not heard from you for a while, so this conversation ends here. If the problem is still "
    "there, just reply.",
    # 10 rating
    "ended_for_now": "This conversation ends here and cannot go on for now. Thank you for your understanding.",
    "ask_solved": "Is the problem solved?",
    "ask_rating": "How was {agent}'s help?",
    "low_rating": "We are sorry that this did not go well. Would you tell us what went wrong? A supervisor will "
    "look at it and contact you "
    "within {review_within}.",
    "thanks_rating": "Thank you for the rating.",
    "not_solved": "All right, so this is not over. You can go on with a person or have it followed up as a ticket.",
    # small talk
    "talk_greeting": "Hello. Tell me what you want to do and where you are stuck, and I will look it up right away.",
    "talk_presence": "I am here, go ahead. What do you want to do, and where are you stuck?",
    "talk_test": "It arrived. Ask whenever you are ready.",
    "talk_thanks": "You are welcome. If anything else comes up, just ask here.",
    "talk_goodbye": "All right, have a good day. If anything comes up, just ask here.",
    "talk_identity": "I am {assistant}, the assistant of {brand}, and I am a bot. I can answer questions about the "
    "product right away; for a "
    "person, press “Talk to a person” at any time.",
    "talk_ability": "Ask me how something works, where to find it or what an error means. Tell me what you want to "
    "do and where you are "
    "stuck; what I cannot answer goes to a person.",
    "talk_praise": "Thank you, that is good to hear. If anything else comes up, just ask here.",
    "talk_agreed": "All right. If you need anything else, just go on.",
    "talk_solved": "Glad that it is solved. If anything else comes up, just ask here.",
    "talk_laugh": "Glad that you are in a good mood. If you have a question about the product, ask me.",
    "talk_emoji": "Got it. If you have a question about the product, one sentence will do.",
    "talk_nudge": "I am here. If something is still unclear, add a sentence and I will look again, or talk to a "
    "person.",
    "talk_key_mash": "That message looks unfinished. Please send your question once more.",
    "talk_hours": "Our people are there {hours}; press “Talk to a person” then. I can look things up at any "
    "time, so ask me now if you like.",
    "talk_hours_untimed": "For a person, press “Talk to a person” at any time; whoever is there takes over. I "
    "can look things up at any time.",
    "talk_scolded": "I see that I am not helping. Tell me a little more and I will look again, or talk to a person; "
    "you will not have to repeat anything.",
    # times
    "dawn": "morning",
    "morning": "morning",
    "noon": "day",
    "afternoon": "afternoon",
    "evening": "evening",
    "today": "today {time}",
    "tomorrow": "tomorrow {time}",
    "on_day": "{weekday} {month}/{day} {time}",
    "weekdays": "Mon Tue Wed Thu Fri Sat Sun",
    "minutes": "{low}–{high} minutes",
    "minutes_same": "{low} minutes",
    "under_a_minute": "less than a minute",
    "over_an_hour": "more than an hour",
    "one_workday": "one working day",
    # the hand-over card
    "card_shown": "Read “{title}”",
    "card_helpful": "Read “{title}”, helpful",
    "card_not_helpful": "Read “{title}”, not helpful",
    "card_tried": "Tried: {text}",
    "card_error": "Saw: {text}",
    # calling back
    "callback_booked": "We will call you {when} at {phone}. You can change or cancel it here in this window.",
    "callback_changed": "The call is now {when}, at {phone}.",
    "callback_cancelled": "The call {when} is cancelled; you can book another one whenever you like.",
    "notice_sms": ", and tell you by text message",
    "notice_mail": ", and tell you by e-mail",
    "notice_both": ", and tell you by text message or e-mail",
    "contact_phone": "a phone number",
    "contact_mail": "an e-mail address",
    "contact_both": "a phone number or an e-mail address",
    # back to the bot
    "to_bot_ask": "Your agent suggests that our assistant {assistant} carries on from here. It only does if you agree, "
    "and you can come back to a person at any time.",
    "to_bot_yes": "Yes, go ahead",
    "to_bot_no": "Stay with a person",
    "to_bot_done": "Hello, this is {assistant}, carrying on from here. What else would you like to know?",
    # buttons
    "button_request_human": "Talk to a person",
    "button_none_of_these": "None of these",
    "button_describe": "Add details",
    "button_leave_message": "Leave a message",
    "button_leave_queue": "Leave the line",
    "button_to_message": "Leave a message instead",
    "button_handed_over": "See what was passed on",
    "button_solved": "Solved",
    "button_not_solved": "Not solved",
    "button_to_ticket": "Follow up as a ticket",
    "button_rating_5": "Very good",
    "button_rating_4": "Good",
    "button_rating_3": "Fair",
    "button_rating_2": "Poor",
    "button_rating_1": "Very poor",
}
