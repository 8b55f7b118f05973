import { ChangeDetectionStrategy, Component, computed, inject, model } from '@angular/core';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatRadioModule } from '@angular/material/radio';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { loaded } from '../../shared/loaded';
import { mayGrant, PermissionCatalogue, permissionDescription } from '../../shared/roles/roles';

/** Choice of a token's permissions: those of its owner, or some of those the user may delegate. */
@Component({
  selector: 'app-permission-picker',
  imports: [MatCheckbox, MatRadioModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <fieldset>
      <legend>{{ t().newToken.permissions.label }}</legend>
      <mat-radio-group
        [attr.aria-label]="t().newToken.permissions.label"
        [value]="permissions() !== null"
        (change)="permissions.set($event.value ? [] : null)"
      >
        <mat-radio-button [value]="false">{{ t().newToken.permissions.all }}</mat-radio-button>
        <mat-radio-button [value]="true">{{ t().newToken.permissions.some }}</mat-radio-button>
      </mat-radio-group>
      @if (permissions(); as chosen) {
        <p class="second-line">{{ hint() }}</p>
        <ul>
          @for (permission of offered(); track permission.name) {
            <li>
              <mat-checkbox
                [checked]="chosen.includes(permission.name)"
                (change)="choose(permission.name, $event.checked)"
              >
                <code>{{ permission.name }}</code>
                <span class="quiet">{{ permission.description }}</span>
              </mat-checkbox>
            </li>
          }
        </ul>
      }
    </fieldset>
  `,
  styles: `
    mat-radio-group {
      display: grid;
      justify-items: start;
      margin-left: -8px;
    }
    p {
      margin: 4px 0;
    }
    ul {
      margin-left: -11px;
    }
    code {
      display: block;
    }
    li {
      font-size: 13px;
    }
  `,
})
export class PermissionPicker {
  private readonly catalogue = inject(PermissionCatalogue);
  private readonly session = inject(Session);

  /** The selected permissions; `null` = all of the owner. */
  readonly permissions = model.required<readonly string[] | null>();

  protected readonly t = injectTexts();
  private readonly known = loaded(
    () => 'permissions',
    () => this.catalogue.all(),
  );
  /** Permissions that the user may grant. */
  protected readonly offered = computed(() => {
    const me = this.session.me();
    const descriptions = new Map(this.known.value()?.map(({ name, description }) => [name, description]));
    const ofApis = [...descriptions.keys()].filter((name) => mayGrant(me, name));
    return [...new Set([...(me?.permissions ?? []), ...ofApis])].sort().map((name) => ({
      name,
      description: permissionDescription(name, this.t(), descriptions.get(name)),
    }));
  });

  protected readonly hint = computed(() => {
    const { hint, nothingToChoose } = this.t().newToken.permissions;
    return this.offered().length > 0 ? hint : nothingToChoose;
  });

  protected choose(name: string, isChosen: boolean): void {
    const others = (this.permissions() ?? []).filter((other) => other !== name);
    this.permissions.set(isChosen ? [...others, name].sort() : others);
  }
}
