-- What a part writes into, before the part after it asks for anything. A part waits for the one before it; were that one to
-- ask later, behind somebody who makes an index and waits for this part, nobody would ever go on.
lock table companies, leads, lead_identities, touchline.import_rows, touchline.import_changes, touchline.changes, touchline.imports
  in row exclusive mode
