-- Layers of the encoder that were tuned on the knowledge base, so that every node has those of the version it serves.
create table tuned_layers (
  name        text primary key,
  base        text not null,
  weights     bytea not null,
  seen        bytea not null,
  created_at  timestamptz not null
);
alter table tuned_layers alter column weights set storage external;
comment on table tuned_layers is 'Layers of the encoder tuned on the knowledge base: index_versions.tuned_encoder names them.';
comment on column tuned_layers.seen is 'Sixteen bytes for each text that they were tuned on.';
