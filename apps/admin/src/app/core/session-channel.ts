import { inject, Injectable, InjectionToken } from '@angular/core';
import { Observable } from 'rxjs';

const CHANNEL = new InjectionToken('BroadcastChannel', {
  providedIn: 'root',
  factory: () => new BroadcastChannel('latchkey-session'),
});

/** Announces sign-outs between the tabs of a browser. Only token ids pass through the channel, never a secret. */
@Injectable({ providedIn: 'root' })
export class SessionChannel {
  private readonly channel = inject(CHANNEL);

  /** Ids of the sessions that other tabs sign out. */
  readonly signOuts = new Observable<string>((subscriber) => {
    const listen = ({ data }: MessageEvent<unknown>): void => {
      if (typeof data === 'string') {
        subscriber.next(data);
      }
    };
    this.channel.addEventListener('message', listen);
    return () => this.channel.removeEventListener('message', listen);
  });

  announceSignOut(tokenId: string): void {
    this.channel.postMessage(tokenId);
  }
}
