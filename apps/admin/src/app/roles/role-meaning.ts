import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { PermissionDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Icon } from '../shared/ui/icon';
import { meaningOf } from './meaning';

/** What the holders of some permissions may do, in plain sentences that follow what is ticked. */
@Component({
  selector: 'app-role-meaning',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2>{{ t().roles.summary.heading }}</h2>
    <div aria-live="polite">
      @for (warning of meaning().warnings; track warning) {
        <p class="warning"><app-icon name="alert" />{{ warning }}</p>
      }
      @if (meaning().sentences.length > 0) {
        <p>{{ t().roles.summary.permissions }}</p>
        <ul>
          @for (sentence of meaning().sentences; track sentence) {
            <li><app-icon name="check" />{{ sentence }}</li>
          }
        </ul>
      } @else {
        <p>{{ t().roles.summary.noPermissions }}</p>
      }
      @for (hint of meaning().hints; track hint) {
        <p class="quiet hint">{{ hint }}</p>
      }
    </div>
  `,
  styleUrl: './role-meaning.scss',
})
export class RoleMeaning {
  /** All permissions that there are. */
  readonly permissions = input.required<readonly PermissionDto[]>();
  /** Names of those that are given. */
  readonly given = input.required<readonly string[]>();
  readonly isBuiltIn = input(false);

  protected readonly t = injectTexts();
  protected readonly meaning = computed(() =>
    meaningOf(this.given(), this.permissions(), this.isBuiltIn(), this.t()),
  );
}
