import { ChangeDetectionStrategy, Component, computed, inject, model } from '@angular/core';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatRadioModule } from '@angular/material/radio';
import { injectTexts } from '../../core/language';
import { Session } from '../../core/session';
import { loaded } from '../../shared/loaded';
import { permissionDescription } from '../../shared/roles/permission-text';
import { TokensApi } from '../tokens-api';

/** Asks what a token may do: all that its owner may, or some of what the person may give. */
@Component({
  selector: 'app-permission-picker',
  imports: [MatCheckbox, MatRadioModule],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <fieldset>
      <legend>{{ t().tokens.newToken.permissions.label }}</legend>
      <mat-radio-group
        [attr.aria-label]="t().tokens.newToken.permissions.label"
        [value]="permissions() !== null"
        (change)="permissions.set($event.value ? [] : null)"
      >
        <mat-radio-button [value]="false">{{ t().tokens.newToken.permissions.all }}</mat-radio-button>
        <mat-radio-button [value]="true">{{ t().tokens.newToken.permissions.some }}</mat-radio-button>
      </mat-radio-group>
      @if (permissions(); as chosen) {
        <p class="quiet">{{ hint() }}</p>
        <ul>
          @for (permission of offered(); track permission.name) {
            <li>
              <mat-checkbox
                [checked]="chosen.includes(permission.name)"
                (change)="choose(permission.name, $event.checked)"
              >
                <code>{{ permission.name }}</code>
                <span class="quiet">{{ permission.sentence }}</span>
              </mat-checkbox>
            </li>
          }
        </ul>
      }
    </fieldset>
  `,
  styleUrl: './permission-picker.scss',
})
export class PermissionPicker {
  private readonly api = inject(TokensApi);
  private readonly session = inject(Session);

  /** What is chosen; `null` = all that its owner may. */
  readonly permissions = model.required<readonly string[] | null>();

  protected readonly t = injectTexts();
  private readonly known = loaded(
    () => (this.session.can('roles:read') ? 'permissions' : null),
    () => this.api.permissions(),
  );
  /** What the person holds: nobody gives more. */
  protected readonly offered = computed(() => {
    const descriptions = new Map(
      this.known.value()?.items.map(({ name, description }) => [name, description]),
    );
    return (this.session.me()?.permissions ?? []).map((name) => ({
      name,
      sentence: permissionDescription(name, this.t(), descriptions.get(name)),
    }));
  });

  protected readonly hint = computed(() => {
    const { hint, nothingToChoose } = this.t().tokens.newToken.permissions;
    return this.offered().length > 0 ? hint : nothingToChoose;
  });

  protected choose(name: string, isChosen: boolean): void {
    const others = (this.permissions() ?? []).filter((other) => other !== name);
    this.permissions.set(isChosen ? [...others, name].sort() : others);
  }
}
