import { type Model, type ModelSecret } from './model.js';

/** The status of a write with a secret: `done` unless the secret is superseded, or not good at all. */
export function managing(model: Model, secret: ModelSecret, done: number): number {
  if (!model.isGood(secret)) {
    return 401;
  }
  return model.isFormer(secret) ? 403 : done;
}

/** A token that is over may have been purged. */
export const OVER = [409, 404];
