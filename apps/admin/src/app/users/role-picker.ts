import {
  booleanAttribute,
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  input,
  model,
  signal,
} from '@angular/core';
import { MatCheckbox } from '@angular/material/checkbox';
import type { RoleDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import type { Loaded } from '../shared/loaded';
import { roleDescription, type RoleChoice, roleChoices, rolePermits } from '../shared/roles/roles';
import { ErrorState } from '../shared/ui/states';

/** Minimum number of roles for a search field. */
const SEARCH_MIN = 9;

/**
 * Checkboxes for roles, each with its permissions. Roles that the user may not assign are disabled, with the
 * reason.
 */
@Component({
  selector: 'app-role-picker',
  imports: [MatCheckbox, ErrorState],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './role-picker.html',
  styles: `
    :host {
      display: block;
      container-type: inline-size;
    }
    fieldset {
      padding: 4px 0 8px;
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: 10px;
      background: var(--app-card);
    }
    legend {
      margin: 0 0 0 8px;
      padding: 0 4px;
      color: var(--mat-sys-on-surface-variant);
      font: var(--mat-sys-body-small);
    }
    /* The longest name sets the width of all names, so that the descriptions are aligned. */
    ul {
      display: grid;
      grid-template-columns: fit-content(200px) minmax(0, 1fr);
      column-gap: 12px;
      padding: 0 14px 0 4px;
    }
    .long {
      overflow-y: auto;
      max-height: 344px;
    }
    li {
      display: grid;
      grid-column: 1 / -1;
      grid-template-columns: subgrid;
      align-items: start;
    }
    mat-checkbox {
      overflow-wrap: anywhere;
    }
    .what {
      padding: 10px 0;
    }
    p {
      font: var(--mat-sys-body-small);
    }
    .above {
      color: var(--app-accent);
    }
    /* The height of the built-in roles, so that nothing below moves when they arrive. */
    .loading {
      height: 150px;
    }
    input[type='search'] {
      width: calc(100% - 28px);
      height: 36px;
      margin: 4px 14px 6px;
      padding: 0 12px;
      border: 1px solid var(--mat-sys-outline-variant);
      border-radius: 8px;
      background: none;
      color: inherit;
      font: inherit;
    }
    @container (max-width: 459px) {
      ul {
        grid-template-columns: minmax(0, 1fr);
      }
      .what {
        padding: 0 0 8px 44px;
      }
    }
  `,
})
export class RolePicker {
  private readonly session = inject(Session);

  /** All roles the user may see. */
  readonly catalogue = input.required<Loaded<readonly RoleDto[]>>();
  /** Whether the page has a heading above, so that the legend is hidden. */
  readonly hasHeading = input(false, { transform: booleanAttribute });
  readonly roles = model.required<readonly string[]>();

  protected readonly t = injectTexts();
  protected readonly search = signal('');
  protected readonly roleDescription = roleDescription;
  protected readonly rolePermits = rolePermits;
  protected readonly isLoading = computed(
    () => this.catalogue().isLoading() && this.catalogue().value() === undefined,
  );
  private readonly choices = computed(() =>
    roleChoices(this.catalogue().value(), this.session.user(), this.roles()),
  );
  protected readonly isSearchable = computed(() => this.choices().length >= SEARCH_MIN);
  protected readonly found = computed(() => {
    const text = this.search().trim().toLowerCase();
    return this.choices().filter((choice) =>
      [choice.name, roleDescription(choice, this.t()) ?? ''].some((part) =>
        part.toLowerCase().includes(text),
      ),
    );
  });

  protected aboveText({ missing }: RoleChoice): string {
    return this.t().userAccess.above(missing.join(', '));
  }

  protected set(role: string, isHeld: boolean): void {
    this.roles.update((roles) => [...roles.filter((other) => other !== role), ...(isHeld ? [role] : [])]);
  }
}
