import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { SetUpDto } from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { anonymously } from '../core/request-context';

/** The endpoint behind set-up links. */
@Injectable({ providedIn: 'root' })
export class SetUpApi {
  private readonly http = inject(HttpClient);

  /** Sets the password of the user that the link was made for. */
  setUp(setUp: SetUpDto): Observable<void> {
    return this.http.post<void>('/auth/set-up', setUp, { context: anonymously() });
  }
}
