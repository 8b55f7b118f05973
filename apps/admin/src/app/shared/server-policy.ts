import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { ServerPolicyDto } from '@latchkey/auth-models';
import { type Loaded, loaded } from './loaded';

/** Public policy of the server. The server enforces it in any case, also while it is not loaded. */
@Injectable({ providedIn: 'root' })
export class ServerPolicy {
  private readonly http = inject(HttpClient);

  readonly current: Loaded<ServerPolicyDto> = loaded(
    () => 'policy',
    () => this.http.get<ServerPolicyDto>('/.well-known/latchkey'),
  );
}
