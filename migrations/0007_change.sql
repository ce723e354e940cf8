-- How often what a network shows has changed. Every process keeps rendered pages until the number of their
-- network grows; the row without a network counts what concerns them all.
create table network_change (
  network_id text not null primary key,
  version bigint not null
);

-- A search over every network finds an entry by the number that stands in the full-text index alone.
create unique index search_entry_serial on search_entry (serial);

-- « Ma journée » says how many messages of the public wait.
create index public_message_waiting on public_message (network_id, handled_at) where handled_at is null;
