-- Touches wait for a person whom nobody knew: normalisation looks whether the list brought one of them. $1 import
insert into touchline.changes (raw_table, record_keys, run_id)
select 'csv_imports_raw',
       '{}',
       $1
 where exists (select from events where lead_id is null and contact_address is not null)
