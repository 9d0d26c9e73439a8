-- Human replies, newest first. $1 only those whose person is unknown, $2 how many
select e.event_timestamp,
       e.contact_address,
       l.email as lead_email,
       l.first_name,
       l.last_name,
       coalesce(c.company_name, c.company_domain) as company_name,
       m.campaign_name,
       e.email_subject,
       e.email_body
  from events e
  left join leads l on l.id = e.lead_id
  left join companies c on c.id = l.company_id
  left join campaigns m on m.id = e.campaign_id
 where e.event_type in ('email_replied', 'email_received', 'message_replied')
   and (not $1 or e.lead_id is null)
 order by e.event_timestamp desc, e.id desc
 limit $2
