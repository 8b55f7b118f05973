import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { PageDto, UserTokenDto } from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { listParameters } from '../shared/list/list-parameters';
import type { ListQuery } from '../shared/list/list-state';

/** The endpoints of tokens. */
@Injectable({ providedIn: 'root' })
export class TokensApi {
  private readonly http = inject(HttpClient);

  /** A page of the tokens that the person may see. */
  list(query: ListQuery): Observable<PageDto<UserTokenDto>> {
    return this.http.get<PageDto<UserTokenDto>>('/tokens', { params: listParameters(query) });
  }
}
