import { HttpClient } from '@angular/common/http';
import { computed, inject, type Signal } from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import type { ApiDto, PageDto, RoleDto, SettingListDto, UserDto, UserTokenDto } from '@latchkey/auth-models';
import { SEARCH_MAX_LENGTH, TOKEN_STATES } from '@latchkey/auth-models/lists';
import { debounceTime } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { isPreview } from '../../shared/filters/pasted-secret';
import { loaded } from '../../shared/loaded';
import { permissionDescription } from '../../shared/permissions/permission-groups';
import { tokenName } from '../../shared/tokens/token';
import { type FoundKind, foundEntry, matching, type PaletteEntry, permissionFor } from './palette-entry';

const DEBOUNCE = 200;
const LETTERS_MIN = 2;
const FOUND_MAX = 5;

/**
 * Searches users, tokens, roles and APIs with the lists of the API, and the settings in the console. Typing
 * cancels the pending requests.
 */
export function paletteSearch(text: Signal<string>) {
  const http = inject(HttpClient);
  const session = inject(Session);
  const texts = injectTexts();
  const typed = toSignal(toObservable(text).pipe(debounceTime(DEBOUNCE)), { initialValue: '' });
  const query = computed(() => typed().trim().replace('...', '…').slice(0, SEARCH_MAX_LENGTH));
  const isSearch = computed(() => query().length >= LETTERS_MIN && text().trim() !== '');

  const isVisible = (kind: FoundKind) => {
    const permission = permissionFor(kind);
    return permission === undefined || (session.can(permission) && !isPreview(query()));
  };
  const found = <T>(kind: FoundKind, path: string, entryOf: (item: T) => PaletteEntry) => {
    const page = loaded(
      () => (isSearch() && isVisible(kind) ? query() : null),
      (q) => {
        // A preview may be that of a token that no longer works.
        const params = { q, size: FOUND_MAX, ...(isPreview(q) && { state: TOKEN_STATES.join(',') }) };
        return http.get<PageDto<T>>(path, { params });
      },
    );
    const entries = computed(() => (isSearch() ? (page.value()?.items ?? []).map(entryOf) : []));
    return { page, entries };
  };
  const users = found('user', '/users', ({ name, displayName, kind }: UserDto) => ({
    ...foundEntry('user', name, { detail: displayName }),
    ...(kind === 'service' && { icon: 'service' as const }),
  }));
  const tokens = found('token', '/tokens', (token: UserTokenDto) =>
    foundEntry('token', token.id, {
      label: tokenName(token, texts()),
      detail: [token.user, token.tokenPreview].join(' · '),
    }),
  );
  const roles = found('role', '/roles', ({ name, description }: RoleDto) =>
    foundEntry('role', name, { detail: description }),
  );
  const apis = found('api', '/apis', ({ name, description }: ApiDto) =>
    foundEntry('api', name, { detail: description }),
  );
  /** Permissions of the APIs that the search found. */
  const permissions = computed(() => {
    const all = (apis.page.value()?.items ?? []).flatMap((api) => api.permissions);
    const entries = all.map(({ name, description }) =>
      foundEntry('permission', name, { detail: permissionDescription(name, texts(), description) }),
    );
    return isSearch() && isVisible('permission') ? matching(entries, query()).slice(0, FOUND_MAX) : [];
  });
  const configuration = loaded(
    () => (isSearch() && isVisible('setting') ? 'settings' : null),
    () => http.get<SettingListDto>('/settings'),
  );
  const settings = computed(() => {
    const descriptions: Readonly<Record<string, string>> = texts().settings.variables;
    const all = configuration.value()?.items ?? [];
    const entries = all.map(({ name }) => foundEntry('setting', name, { detail: descriptions[name] }));
    return isSearch() ? matching(entries, query()).slice(0, FOUND_MAX) : [];
  });
  const all = [...[users, tokens, roles, apis].map(({ page }) => page), configuration];

  return {
    users: users.entries,
    tokens: tokens.entries,
    roles: roles.entries,
    permissions,
    apis: apis.entries,
    settings,
    hasFailed: computed(() => all.some((page) => page.problem() !== null)),
    isLoading: computed(
      () =>
        all.some((page) => page.isLoading()) || (text() !== typed() && text().trim().length >= LETTERS_MIN),
    ),
  };
}
