-- Which source a call is of, where we know it. $1 call
select 'vapi'
 where exists (select from vapi_calls_raw where vapi_call_id = $1)
    or exists (select from vapi_messages_raw where vapi_call_id = $1 and meaning = 'call')
