-- Companies are listed latest first, and by name nowhere: every new company paid for an index that nothing reads.
drop index if exists companies_name_order_idx;
