import { Module } from '@nestjs/common';
import { RevocationFeed } from './revocation-feed.js';
import { RevocationListener } from './revocation-listener.js';

/** Notifications about revoked tokens, from this process and other replicas. */
@Module({ providers: [RevocationFeed, RevocationListener], exports: [RevocationFeed, RevocationListener] })
export class RevocationModule {}
