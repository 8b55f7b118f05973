import { inject, Injectable, InjectionToken } from '@angular/core';
import { Observable } from 'rxjs';

const CHANNEL = new InjectionToken('BroadcastChannel', {
  providedIn: 'root',
  factory: () => new BroadcastChannel('latchkey-session'),
});

/** Tells the console's other tabs that somebody signed out here. No token ever passes through it. */
@Injectable({ providedIn: 'root' })
export class SessionChannel {
  private readonly channel = inject(CHANNEL);

  /** Ids of the tokens whose sessions ended in other tabs. */
  readonly signOuts = new Observable<string>((subscriber) => {
    const listen = ({ data }: MessageEvent<unknown>): void => {
      if (typeof data === 'string') {
        subscriber.next(data);
      }
    };
    this.channel.addEventListener('message', listen);
    return () => this.channel.removeEventListener('message', listen);
  });

  /** Announces the end of the session with this token id. */
  announceSignOut(tokenId: string): void {
    this.channel.postMessage(tokenId);
  }
}
