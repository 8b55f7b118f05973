import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { RouterLink } from '@angular/router';
import { type ApiDto, apiOf, BUILT_IN_PERMISSIONS, type UserTokenDto } from '@latchkey/auth-models';
import { catchError, firstValueFrom, forkJoin, map, of } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Notifier } from '../../core/notifier';
import { Session } from '../../core/session';
import { loaded } from '../../shared/loaded';
import { permissionDescription } from '../../shared/permissions/permission-groups';
import { isLive } from '../../shared/tokens/token';
import { TokenChanges } from '../../shared/tokens/token-changes';
import { Icon } from '../../shared/ui/icon';
import { EditScope } from '../scope/edit-scope';
import { scopeKind, scopeOf } from '../scope/token-scope';

/** APIs whose permissions are described. */
const DESCRIBED_APIS_MAX = 20;

/** Roles and permissions of a token, which those who may change it can edit. */
@Component({
  selector: 'app-token-permissions',
  imports: [Icon, MatButton, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="row between">
      <h2 class="card-title">{{ t().tokenPage.scope.heading }}</h2>
      @if (canChange()) {
        <button matButton="tonal" type="button" (click)="edit()">
          <app-icon matButtonIcon name="edit" />{{ t().tokenPage.scope.change }}
        </button>
      }
    </div>
    <p>{{ sentence() }}</p>
    @if (token().roles?.length) {
      <h3 class="small-title">{{ t().tokenPage.roles.heading }}</h3>
      <ul>
        @for (role of token().roles; track role) {
          <li>
            @if (canSeeRoles()) {
              <a class="subtle-link" [routerLink]="['/roles', role]"
                ><code>{{ role }}</code></a
              >
            } @else {
              <code>{{ role }}</code>
            }
          </li>
        }
      </ul>
    }
    @if (token().permissions?.length) {
      <h3 class="small-title">{{ t().tokenPage.permissions.heading }}</h3>
      <ul>
        @for (permission of permissions(); track permission.name) {
          <li>
            <code>{{ permission.name }}</code>
            <span class="quiet">{{ permission.description }}</span>
          </li>
        }
      </ul>
    }
  `,
  styles: `
    .row {
      min-height: 40px;
    }
    p {
      margin-top: 4px;
    }
    h3 {
      margin-top: 16px;
    }
    li {
      margin-top: 6px;
      overflow-wrap: anywhere;
    }
    code {
      margin-right: 10px;
    }
  `,
})
export class TokenPermissions {
  private readonly changes = inject(TokenChanges);
  private readonly dialog = inject(MatDialog);
  private readonly http = inject(HttpClient);
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);

  readonly token = input.required<UserTokenDto>();
  /** The token as it was saved. */
  readonly saved = output<UserTokenDto>();

  protected readonly t = injectTexts();
  protected readonly canChange = computed(() => isLive(this.token()) && this.changes.mayChange(this.token()));
  protected readonly canSeeRoles = computed(() => this.session.can('roles:read'));
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
  protected readonly permissions = computed(() =>
    (this.token().permissions ?? []).map((name) => ({
      name,
      description: permissionDescription(name, this.t(), this.described.value()?.get(name)),
    })),
  );

  protected async edit(): Promise<void> {
    const opened = this.dialog.open<EditScope, UserTokenDto, UserTokenDto>(EditScope, {
      data: this.token(),
      width: '720px',
      maxWidth: '100vw',
      panelClass: 'app-sheet',
    });
    const saved = await firstValueFrom(opened.afterClosed());
    if (saved) {
      const { limited, saved: done } = this.t().tokenPage.scope;
      this.notifier.success(saved.warnings?.length ? limited : done);
      this.saved.emit(saved);
    }
  }
}
