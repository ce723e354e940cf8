-- What the server refuses is tried again later, and later still.
alter table mail_order add column due_at bigint not null default 0;
