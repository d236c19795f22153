-- An agent without a page gets nothing new at once, while their last sign of life stays what it is.

alter table presence add column left_at timestamptz;  -- when the last page went; null while there is one
