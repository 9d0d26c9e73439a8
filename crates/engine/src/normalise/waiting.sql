-- Whether anything waits: records whose meaning is to be worked out, or events to be counted.
select exists (select from touchline.changes)
    or exists (select from touchline.funnel_changes)
