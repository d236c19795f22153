-- What the customer's newest messages say between the lines, for agents: emotion, anger, urgency, topic and when the
-- conversation soured; see router/conversations/moods.py.
alter table conversations add column signals jsonb;
