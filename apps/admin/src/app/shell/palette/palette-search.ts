import { HttpClient } from '@angular/common/http';
import { computed, inject, type Signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import type { PageDto, UserDto, UserTokenDto } from '@latchkey/auth-models';
import { SEARCH_MAX_LENGTH, TOKEN_STATES } from '@latchkey/auth-models/lists';
import { debounceTime } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import type { Texts } from '../../core/texts/texts';
import { isPreview } from '../../shared/filters/pasted-secret';
import { loaded } from '../../shared/loaded';
import { tokenName } from '../../shared/tokens/token';
import type { PaletteEntry } from './palette-entry';

const DEBOUNCE = 200;
const LETTERS_MIN = 2;
const FOUND_MAX = 5;

/** Searches users and tokens with the lists of the API. The next text cancels the requests. */
export function paletteSearch(text: Signal<string>) {
  const http = inject(HttpClient);
  const texts = injectTexts();
  const seesUsers = inject(Session).can('users:read');
  const typed = toSignal(toObservable(text).pipe(debounceTime(DEBOUNCE)), { initialValue: '' });
  const query = computed(() => typed().trim().replace('...', '…').slice(0, SEARCH_MAX_LENGTH));
  const isSearch = computed(() => query().length >= LETTERS_MIN && text().trim() !== '');

  const users = loaded(
    () => (isSearch() && seesUsers && !isPreview(query()) ? query() : null),
    (q) => http.get<PageDto<UserDto>>('/users', { params: { q, size: FOUND_MAX } }),
  );
  const tokens = loaded(
    () => (isSearch() ? query() : null),
    (q) => {
      // A preview may be that of a token that no longer works.
      const params = { q, size: FOUND_MAX, ...(isPreview(q) && { state: TOKEN_STATES.join(',') }) };
      return http.get<PageDto<UserTokenDto>>('/tokens', { params });
    },
  );

  return {
    users: computed(() => (isSearch() ? (users.value()?.items ?? []).map(userEntry) : [])),
    tokens: computed(() =>
      isSearch() ? (tokens.value()?.items ?? []).map((token) => tokenEntry(token, texts())) : [],
    ),
    hasFailed: computed(() => users.problem() !== null || tokens.problem() !== null),
    isLoading: computed(
      () =>
        users.isLoading() ||
        tokens.isLoading() ||
        (text() !== typed() && text().trim().length >= LETTERS_MIN),
    ),
  };
}

function tokenEntry(token: UserTokenDto, texts: Texts): PaletteEntry {
  return {
    id: `token:${token.id}`,
    icon: 'key',
    label: tokenName(token, texts),
    detail: [token.user, token.tokenPreview].join(' · '),
    target: `/tokens/${token.id}`,
  };
}

function userEntry({ name, displayName, kind }: UserDto): PaletteEntry {
  return {
    id: `user:${name}`,
    icon: kind === 'service' ? 'service' : 'user',
    label: name,
    ...(displayName && { detail: displayName }),
    target: `/users/${encodeURIComponent(name)}`,
  };
}
