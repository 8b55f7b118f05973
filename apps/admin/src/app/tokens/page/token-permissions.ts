import { HttpClient } from '@angular/common/http';
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
  untracked,
} from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { Router } from '@angular/router';
import type { ApiDto, PermissionUseDto, UserTokenDto } from '@latchkey/auth-models';
import { apiOf, BUILT_IN_PERMISSIONS } from '@latchkey/auth-models/lists';
import { catchError, firstValueFrom, forkJoin, map, of } from 'rxjs';
import { Language } from '../../core/language';
import { attempt, Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { confirmed } from '../../shared/dialogs/confirm';
import { loaded } from '../../shared/loaded';
import { GrantLink } from '../../shared/permissions/grant-link';
import { permissionDescription } from '../../shared/permissions/permission-groups';
import { formatDay } from '../../shared/time/format-time';
import { isLive } from '../../shared/tokens/token';
import { TokenChanges } from '../../shared/tokens/token-changes';
import { Icon } from '../../shared/ui/icon';
import { scopeKind, scopeOf } from '../scope/token-scope';
import { TokensApi } from '../tokens-api';
import { editToken } from './edit-token';

/** Maximum number of APIs whose permissions are described. */
const DESCRIBED_APIS_MAX = 20;

/** Roles and permissions of a token. Users who may change the token can edit them. */
@Component({
  selector: 'app-token-permissions',
  imports: [GrantLink, Icon, MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="row between">
      <h2 class="card-title">{{ t().tokenPage.scope.heading }}</h2>
      @if (canChange()) {
        <div class="row">
          @if (unused().length > 0) {
            <button
              matButton
              type="button"
              disabledInteractive
              [disabled]="isBusy()"
              (click)="removeUnused()"
            >
              {{ t().tokenPage.scope.removeUnused }}
            </button>
          }
          <button
            matButton="tonal"
            type="button"
            [attr.aria-label]="t().home.actions.of(t().common.change, t().tokenPage.scope.heading)"
            (click)="edit()"
          >
            <app-icon matButtonIcon name="edit" />{{ t().common.change }}
          </button>
        </div>
      }
    </div>
    <p>{{ sentence() }}</p>
    @if (token().roles?.length) {
      <h3 class="small-title">{{ t().userAccess.roles }}</h3>
      <ul>
        @for (role of token().roles; track role) {
          <li>
            <code><app-grant-link [name]="role" /></code>
          </li>
        }
      </ul>
    }
    @if (token().permissions?.length) {
      <h3 class="small-title">{{ t().picker.label }}</h3>
      <ul>
        @for (permission of permissions(); track permission.name) {
          <li>
            <code><app-grant-link [name]="permission.name" /></code>
            <span class="quiet">{{ permission.description }}</span>
            @if (permission.use; as use) {
              <span class="second-line" [class.never]="use.lastUseDate === undefined">{{
                useText(use)
              }}</span>
            }
          </li>
        }
      </ul>
    }
  `,
  styles: `
    p {
      margin-top: var(--space-1);
    }
    h3 {
      margin-top: var(--space-4);
    }
    li {
      margin-top: var(--space-2);
      overflow-wrap: anywhere;
    }
    .never {
      color: var(--app-accent);
    }
    code {
      margin-right: var(--space-3);
    }
  `,
})
export class TokenPermissions {
  private readonly api = inject(TokensApi);
  private readonly changes = inject(TokenChanges);
  private readonly language = inject(Language);
  private readonly dialog = inject(MatDialog);
  private readonly http = inject(HttpClient);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  readonly token = input.required<UserTokenDto>();
  /** Last uses of the permissions; empty until they are loaded. */
  readonly uses = input<readonly PermissionUseDto[]>([]);
  /** Permissions and roles to add, separated by spaces. Opens the dialog with them. */
  readonly grant = input<string>();
  /** Emits the saved token. */
  readonly saved = output<UserTokenDto>();

  protected readonly t = this.language.texts;
  protected readonly canChange = computed(() => isLive(this.token()) && this.changes.mayChange(this.token()));
  protected readonly sentence = computed(() =>
    this.t().newToken.scope.sentences[scopeKind(scopeOf(this.token()))](this.token().user),
  );
  /** Names of the APIs of the token's permissions, without those of the server. */
  private readonly apis = computed(() => {
    const names = (this.token().permissions ?? []).filter((name) => !(name in BUILT_IN_PERMISSIONS));
    return [...new Set(names.map(apiOf))].slice(0, DESCRIBED_APIS_MAX).join(' ');
  });
  private readonly described = loaded(
    () => (this.session.can('apis:read') && this.apis() !== '' ? this.apis() : null),
    (names) =>
      forkJoin(
        names.split(' ').map((name) =>
          this.http.get<ApiDto>(`/apis/${encodeURIComponent(name)}`).pipe(
            map((api) => api.permissions),
            catchError(() => of([])),
          ),
        ),
      ).pipe(map((all) => new Map(all.flat().map(({ name, description }) => [name, description])))),
  );
  protected readonly isBusy = signal(false);
  /** Permissions that were never used, although the token was. */
  protected readonly unused = computed(() =>
    this.token().lastUsageTime === undefined
      ? []
      : this.permissions()
          .filter(({ use }) => use !== undefined && use.lastUseDate === undefined)
          .map(({ name }) => name),
  );
  protected readonly permissions = computed(() =>
    (this.token().permissions ?? []).map((name) => ({
      name,
      use: this.uses().find(({ permission }) => permission === name),
      description: permissionDescription(name, this.t(), this.described.value()?.get(name)),
    })),
  );

  constructor() {
    const router = inject(Router);
    effect(() => {
      const grant = this.grant();
      if (grant && this.canChange()) {
        untracked(() => {
          const queryParams = { grant: null };
          void router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl: true });
          void this.edit(grant.split(' '));
        });
      }
    });
  }

  protected useText({ lastUseDate }: PermissionUseDto): string {
    const { lastUsed, neverUsed } = this.t().tokenPage.scope;
    return lastUseDate === undefined ? neverUsed : lastUsed(formatDay(lastUseDate, this.language.tag()));
  }

  /** Limits the token to the permissions that were used. */
  protected async removeUnused(): Promise<void> {
    const { unusedQuestion, unusedRemoved } = this.t().tokenPage.scope;
    const unused = this.unused();
    const isConfirmed = await confirmed(this.dialog, {
      heading: unusedQuestion.heading(unused.length),
      consequences: [unused.join(', '), unusedQuestion.text],
      action: unusedQuestion.action,
    });
    if (!isConfirmed) {
      return;
    }
    const { id, version, permissions = [] } = this.token();
    const kept = permissions.filter((name) => !unused.includes(name));
    const save = async () => {
      const saved = await firstValueFrom(this.api.update(id, { permissions: kept }, version));
      this.saved.emit(saved);
      this.notifier.revoked(unusedRemoved(unused.length), saved.effectiveBy);
    };
    await attempt(this.notifier, save, this.isBusy);
  }

  protected async edit(grant: readonly string[] = []): Promise<void> {
    const saved = await editToken(this.dialog, this.token(), 'scope', grant);
    if (saved) {
      const { scope, saved: done } = this.t().tokenPage;
      this.notifier.success(saved.warnings?.length ? scope.limited : done);
      this.saved.emit(saved);
    }
  }
}
