import { ChangeDetectionStrategy, Component, computed, inject, output, signal } from '@angular/core';
import { MatDivider } from '@angular/material/divider';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { Language, LANGUAGE_TAGS, LANGUAGES } from '../core/language';
import { attempt, Notifier } from '../core/notifier';
import { Session } from '../core/session';
import { Theme, THEMES } from '../core/theme';
import { Icon } from '../shared/ui/icon';
import { Avatar } from '../shared/ui/labels';

/** Menu of the signed-in user, with theme, language and sign-out. */
@Component({
  selector: 'app-account-menu',
  imports: [Avatar, Icon, MatDivider, MatMenuModule, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './account-menu.html',
  styles: `
    .account {
      display: flex;
      align-items: center;
      gap: var(--space-3);
      width: 100%;
      padding: var(--space-3);
      border-radius: var(--mat-sys-corner-medium);
    }
    .account:hover,
    .account[aria-expanded='true'] {
      background: var(--app-ink-hover);
    }
    .account:focus-visible {
      outline: 2px solid var(--app-brass);
    }
    .account > app-icon {
      margin-left: auto;
      color: var(--app-on-ink-quiet);
    }
    .words,
    .user {
      display: grid;
      min-width: 0;
    }
    .user {
      padding: var(--space-2) var(--space-4) var(--space-3);
    }
    .title {
      font-weight: 600;
    }
    .roles {
      color: var(--app-on-ink-quiet);
      font-size: 0.8125rem;
    }
    mat-divider {
      margin: var(--space-2) 0;
    }
    /* Only the avatar, where the navigation has no labels. */
    @media (width < 75em) {
      .account {
        padding: var(--space-2);
      }
      .words {
        position: absolute;
        width: 1px;
        overflow: hidden;
        clip-path: inset(50%);
      }
      .account > app-icon {
        display: none;
      }
    }
    @media (hover: none), (width < 37.5em) {
      .keys {
        display: none;
      }
    }
  `,
})
export class AccountMenu {
  private readonly notifier = inject(Notifier);
  private readonly session = inject(Session);
  protected readonly language = inject(Language);
  protected readonly theme = inject(Theme);

  readonly showShortcuts = output();

  protected readonly t = this.language.texts;
  protected readonly themes = THEMES;
  protected readonly tags = LANGUAGE_TAGS;
  protected readonly names = LANGUAGES;
  protected readonly isSigningOut = signal(false);
  protected readonly name = computed(() => this.session.user()?.name ?? '');
  protected readonly title = computed(() => this.session.user()?.displayName ?? this.name());
  protected readonly roles = computed(() => this.session.user()?.roles.join(', ') ?? '');
  /** Name and roles, unless the title already shows them. */
  protected readonly details = computed(() =>
    [this.name(), this.roles()].filter((text) => text !== '' && text !== this.title()).join(' · '),
  );

  protected signOut(): Promise<boolean> {
    return attempt(this.notifier, () => this.session.signOut(), this.isSigningOut);
  }
}
