import { HttpClient } from '@angular/common/http';
import { computed, inject, type Signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import type { ApiDto, PageDto, RoleDto, UserDto, UserTokenDto } from '@latchkey/auth-models';
import { type BuiltInPermission, SEARCH_MAX_LENGTH, TOKEN_STATES } from '@latchkey/auth-models/lists';
import { debounceTime } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import type { Texts } from '../../core/texts/texts';
import { isPreview } from '../../shared/filters/pasted-secret';
import { loaded } from '../../shared/loaded';
import { tokenName } from '../../shared/tokens/token';
import type { IconName } from '../../shared/ui/icon';
import type { PaletteEntry } from './palette-entry';

const DEBOUNCE = 200;
const LETTERS_MIN = 2;
const FOUND_MAX = 5;

/** Searches users, tokens, roles and APIs with the lists of the API. The next text cancels the requests. */
export function paletteSearch(text: Signal<string>) {
  const http = inject(HttpClient);
  const session = inject(Session);
  const texts = injectTexts();
  const typed = toSignal(toObservable(text).pipe(debounceTime(DEBOUNCE)), { initialValue: '' });
  const query = computed(() => typed().trim().replace('...', '…').slice(0, SEARCH_MAX_LENGTH));
  const isSearch = computed(() => query().length >= LETTERS_MIN && text().trim() !== '');

  const found = <T>(path: string, isVisible: () => boolean, entryOf: (item: T) => PaletteEntry) => {
    const page = loaded(
      () => (isSearch() && isVisible() ? query() : null),
      (q) => {
        // A preview may be that of a token that no longer works.
        const params = { q, size: FOUND_MAX, ...(isPreview(q) && { state: TOKEN_STATES.join(',') }) };
        return http.get<PageDto<T>>(path, { params });
      },
    );
    const entries = computed(() => (isSearch() ? (page.value()?.items ?? []).map(entryOf) : []));
    return { page, entries };
  };
  const may = (permission: BuiltInPermission) => () => session.can(permission) && !isPreview(query());
  const users = found('/users', may('users:read'), userEntry);
  const tokens = found(
    '/tokens',
    () => true,
    (token: UserTokenDto) => tokenEntry(token, texts()),
  );
  const roles = found('/roles', may('roles:read'), ({ name, description }: RoleDto) =>
    namedEntry('role', 'roles', name, description),
  );
  const apis = found('/apis', may('apis:read'), ({ name, description }: ApiDto) =>
    namedEntry('api', 'api', name, description),
  );
  const all = [users, tokens, roles, apis].map(({ page }) => page);

  return {
    users: users.entries,
    tokens: tokens.entries,
    roles: roles.entries,
    apis: apis.entries,
    hasFailed: computed(() => all.some((page) => page.problem() !== null)),
    isLoading: computed(
      () =>
        all.some((page) => page.isLoading()) || (text() !== typed() && text().trim().length >= LETTERS_MIN),
    ),
  };
}

/** Returns the entry of a role or API. */
function namedEntry(
  kind: 'role' | 'api',
  icon: IconName,
  name: string,
  description: string | null | undefined,
): PaletteEntry {
  return {
    id: `${kind}:${name}`,
    icon,
    label: name,
    ...(description && { detail: description }),
    target: `/${kind}s/${encodeURIComponent(name)}`,
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
