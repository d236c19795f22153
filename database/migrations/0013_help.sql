-- What helps agents: canned replies, words to mind, and what past conversations were solved with.

create table canned_replies (
    id         uuid primary key,
    owner_id   uuid references accounts (id),         -- null: the team's
    folder     text not null,                         -- two levels: folder, name
    name       text not null,
    body       text not null,
    search_key text not null,                         -- made by the application: folded text, pinyin, initials
    used       bigint not null default 0,
    used_at    timestamptz,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    updated_by uuid references accounts (id)
);
create unique index canned_replies_of_team on canned_replies (folder, name) where owner_id is null;
create unique index canned_replies_of_one on canned_replies (owner_id, folder, name) where owner_id is not null;

-- Words that agents mind when they write (out), and that supervisors are told of when customers write them (in).
create table minded_words (
    id         uuid primary key,
    direction  text not null check (direction in ('out', 'in')),
    pattern    text not null check (pattern in ('word', 'wechat', 'qq', 'phone', 'card')),
    word       text not null default '',              -- of the pattern word; * stands for up to ten characters
    effect     text not null check (effect in ('block', 'warn', 'tell')),
    reason     text not null default '',              -- what the agent reads: why, and what to write instead
    is_active  boolean not null default true,
    hits       bigint not null default 0,             -- how often it was met
    updated_at timestamptz not null,
    updated_by uuid references accounts (id),
    check ((pattern = 'word') = (word <> '')),
    check ((direction = 'in') = (effect = 'tell'))
);
create unique index minded_words_once on minded_words (direction, pattern, word);
insert into minded_words (id, direction, pattern, word, effect, reason, updated_at) values
('01900000-0000-7000-8000-000000000001', 'out', 'wechat', '', 'block', '不能发私人微信号，请用本窗口继续沟通，或请客户添加公司的企业微信。', '2026-11-22 00:00:00Z'),
('01900000-0000-7000-8000-000000000002', 'out', 'qq', '', 'block', '不能发私人 QQ 号，请用本窗口继续沟通。', '2026-11-22 00:00:00Z'),
('01900000-0000-7000-8000-000000000003', 'out', 'phone', '', 'warn', '像是一个手机号。如果是客户自己的号码可以发；请不要发私人手机号。', '2026-11-22 00:00:00Z'),
('01900000-0000-7000-8000-000000000004', 'out', 'card', '', 'block', '像是银行卡号或身份证号，请不要写在对话里。', '2026-11-22 00:00:00Z'),
('01900000-0000-7000-8000-000000000005', 'out', 'word', '保证', 'warn', '“保证”容易变成做不到的承诺，可以改成“我们会在…前答复您”。', '2026-11-22 00:00:00Z'),
('01900000-0000-7000-8000-000000000006', 'out', 'word', '绝对不会', 'warn', '说得太满了，可以改成“目前没有发现…”。', '2026-11-22 00:00:00Z'),
('01900000-0000-7000-8000-000000000007', 'out', 'word', '亲，', 'warn', '我们不用“亲”称呼客户，请改成“您”。', '2026-11-22 00:00:00Z'),
('01900000-0000-7000-8000-000000000008', 'out', 'word', '不归我*管', 'block', '不要把客户推开，可以改成“我请负责的同事来处理”。', '2026-11-22 00:00:00Z');

-- The question of each solved conversation or ticket as a vector; its words stay in the log.
create table solved_cases (
    n               bigint generated always as identity primary key,  -- one writer at a time: read on from the last one
    conversation_id uuid not null,
    ticket_id       uuid,                             -- set: what the case is about is a ticket
    question_seqs   integer[] not null,               -- the customer's words in the conversation
    reply_seq       integer,                          -- the agent's message that answered
    article_id      text,                             -- the article that the reply was taken from
    encoder         text not null,                    -- fingerprint: vectors of two encoders never mix
    vector          bytea not null,                   -- float16, little endian
    language        text not null,                    -- most of its words: vectors are compared around their language
    solved_at       timestamptz not null
);
create unique index solved_cases_of_conversations on solved_cases (conversation_id, encoder) where ticket_id is null;
create unique index solved_cases_of_tickets on solved_cases (ticket_id, encoder) where ticket_id is not null;
create index conversations_ended on conversations (closed_at, id) where state = 'closed';
