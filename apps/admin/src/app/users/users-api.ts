import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { CreateUserDto, PageDto, UserDto } from '@latchkey/auth-models';
import type { Observable } from 'rxjs';
import { listParameters } from '../shared/list/list-parameters';
import type { ListQuery } from '../shared/list/list-state';

/** The endpoints under `/users`. */
@Injectable({ providedIn: 'root' })
export class UsersApi {
  private readonly http = inject(HttpClient);

  /** A page of users. */
  list(query: ListQuery): Observable<PageDto<UserDto>> {
    return this.http.get<PageDto<UserDto>>('/users', { params: listParameters(query) });
  }

  /** Makes a user. */
  create(user: CreateUserDto): Observable<UserDto> {
    return this.http.post<UserDto>('/users', user);
  }
}
