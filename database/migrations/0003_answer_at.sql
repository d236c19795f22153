-- How sure the bot must be before it gives this very answer, where that differs from bot.answer_at.

alter table article_revisions add column answer_at double precision  -- a probability; null: as in the settings
    check (answer_at between 0 and 1);
