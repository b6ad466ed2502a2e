-- Whose turn it is among waiting groups depends on the GPUs that accounts have, and few groups have some.
create index reservation_with_gpus on reservation (group_id) where gpu_devices <> 0;
