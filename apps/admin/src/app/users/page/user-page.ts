import { ChangeDetectionStrategy, Component, computed, inject, signal, viewChild } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { MatTabsModule } from '@angular/material/tabs';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import { map } from 'rxjs';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { Activity } from '../../shared/activity/activity';
import { guardUnsaved } from '../../shared/leave-guard';
import { loaded } from '../../shared/loaded';
import { BackLink } from '../../shared/ui/page';
import { LoadState, StaleNotice } from '../../shared/ui/states';
import { UsersApi } from '../users-api';
import { UserAccess } from './user-access';
import { UserHeader } from './user-header';
import { UserProfile } from './user-profile';
import { UserTokens } from './user-tokens';

const TABS = ['profile', 'tokens', 'activity', 'access'] as const;
type Tab = (typeof TABS)[number];

/** Page of one user. The URL holds the selected tab. */
@Component({
  selector: 'app-user-page',
  imports: [
    Activity,
    BackLink,
    LoadState,
    MatTabsModule,
    RouterLink,
    StaleNotice,
    UserAccess,
    UserHeader,
    UserProfile,
    UserTokens,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './user-page.html',
  styles: `
    nav {
      margin: var(--space-6) 0;
      border-bottom: 1px solid var(--mat-sys-outline-variant);
    }
    /* All of them fit on a telephone, so that none hides behind an arrow. */
    @media (width < 37.5em) {
      nav {
        margin: var(--space-5) 0 var(--space-4);
      }
      nav a {
        min-width: 0;
        padding: 0 var(--space-2);
        font-size: 0.8125rem;
      }
    }
  `,
})
export class UserPage {
  private readonly api = inject(UsersApi);
  private readonly session = inject(Session);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly profile = viewChild(UserProfile);
  private readonly access = viewChild(UserAccess);
  private isDeleted = false;
  private readonly parameters = toSignal(this.route.queryParamMap, {
    initialValue: this.route.snapshot.queryParamMap,
  });

  protected readonly t = injectTexts();
  protected readonly name = toSignal(this.route.paramMap.pipe(map((params) => params.get('name') ?? '')), {
    initialValue: '',
  });
  protected readonly user = loaded(
    () => this.name() || null,
    (name) => this.api.get(name),
  );
  protected readonly tabs = computed(() =>
    TABS.filter(
      (tab) =>
        (tab !== 'tokens' || this.session.can('tokens:read')) &&
        (tab !== 'activity' || this.session.can('audit:read')),
    ),
  );
  protected readonly tab = computed((): Tab => {
    const requested = this.parameters().get('tab');
    return this.tabs().find((tab) => tab === requested) ?? 'profile';
  });
  /** Permissions and roles to assign, from the URL. */
  protected readonly grant = computed(() => this.parameters().get('grant') ?? '');
  /** Count of changes to the tokens. Each change reloads their list. */
  protected readonly tokenChanges = signal(0);

  constructor() {
    guardUnsaved(() => !this.isDeleted && Boolean(this.profile()?.isChanged() || this.access()?.isChanged()));
  }

  protected reload(): void {
    this.user.reload();
    this.tokenChanges.update((count) => count + 1);
  }

  protected leave(): void {
    this.isDeleted = true;
    void this.router.navigate(['/users']);
  }
}
