-- A mail with its markup, under whatever name the payload keeps it. $1 event
select email_subject,
       email_body,
       coalesce(raw_data #>> '{body,html}', raw_data ->> 'reply_html', raw_data ->> 'email_html', raw_data ->> 'html') as html
  from events
 where id = $1
