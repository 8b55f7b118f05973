import { type ModuleMetadata } from '@nestjs/common';

/** Feature modules beside our own; `docs/adding-a-feature.md` walks through one. */
export const FEATURES: NonNullable<ModuleMetadata['imports']> = [];
