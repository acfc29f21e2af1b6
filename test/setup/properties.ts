import fc from 'fast-check';

// A gate that draws other cases at every run turns red for no change. `FAST_CHECK_SEED=$RANDOM` looks further.
fc.configureGlobal({ seed: Number(process.env['FAST_CHECK_SEED'] ?? 1) });
