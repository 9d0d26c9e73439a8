-- 030 A lead's original columns stay in its row where two rows fit a page: a value aside costs an index entry and a second
-- read each. Lists store a third faster.
alter table leads set (toast_tuple_target = 4080);
