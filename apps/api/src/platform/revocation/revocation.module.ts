import { Module } from '@nestjs/common';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationListener } from './revocation-listener.js';

/** Hears what just stopped being valid, in this process and in the other replicas. */
@Module({ providers: [RevocationFeed, RevocationListener], exports: [RevocationFeed, RevocationListener] })
export class RevocationModule {}
