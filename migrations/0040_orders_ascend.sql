-- Newest first is these indexes read backwards. Rows come in the order of time: at the end of an index that ascends they
-- are put without a search and fill its pages, at the front of one that descends every page is split in the middle.
drop index if exists leads_created_at_idx;
create index leads_created_at_idx on leads (created_at, id);
drop index if exists companies_list_idx;
create index companies_list_idx on companies (created_at, id);

-- Whom a blocked domain concerns is asked once for all new entries of a block list, by reading the addresses through;
-- every lead paid for an index that answers it.
drop index if exists lead_identities_domain_idx;
