import { type ModuleMetadata } from '@nestjs/common';

/** Feature modules beside our own; `docs/guides/add-a-feature.md` walks through one. */
export const FEATURES: NonNullable<ModuleMetadata['imports']> = [];
