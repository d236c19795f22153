-- An agent's reply finds the tasks of its conversation without walking through all that was ever unanswered.
create index learning_tasks_of_conversation on learning_tasks (conversation_id);
