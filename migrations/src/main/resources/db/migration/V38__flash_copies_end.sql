-- Copies beyond the standard ones, which flash has made, are there for a while only.
alter table image_cache_revision
    -- When as many hosts first held it as are to keep it, or as there were; null until then, and
    -- always where all that have it are to keep it.
    add column standard_at     timestamptz,
    -- When it was last looked at which hosts can let go of it and some could not.
    add column flash_looked_at timestamptz;

-- From the layers that a group wants to whatever caches have them.
create index image_cache_layer_by_digest on image_cache_layer (digest, cache_id, revision);
