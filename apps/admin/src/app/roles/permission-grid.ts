import { ChangeDetectionStrategy, Component, computed, inject, input, model } from '@angular/core';
import { MatCheckbox } from '@angular/material/checkbox';
import { MatTooltip } from '@angular/material/tooltip';
import type { PermissionDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import { Session } from '../core/session';
import { permissionDescription } from '../shared/roles/permission-text';
import { permissionTable } from './permission-rows';

/** Every permission as a box to tick: a row a resource, a column an action. */
@Component({
  selector: 'app-permission-grid',
  imports: [MatCheckbox, MatTooltip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './permission-grid.html',
  styleUrl: './permission-grid.scss',
})
export class PermissionGrid {
  private readonly session = inject(Session);

  /** All that there are. */
  readonly permissions = input.required<readonly PermissionDto[]>();
  /** Names of those that are given. */
  readonly given = model.required<readonly string[]>();
  readonly isReadOnly = input(false);

  protected readonly t = injectTexts();
  protected readonly table = computed(() => permissionTable(this.permissions()));
  private readonly held = computed(() => new Set(this.session.me()?.permissions ?? []));
  protected readonly hasAbove = computed(
    () => !this.isReadOnly() && this.permissions().some((permission) => this.isAbove(permission)),
  );

  /** Whether the person does not hold a permission, and so cannot give it. */
  protected isAbove({ name }: PermissionDto): boolean {
    return !this.held().has(name);
  }

  protected explain(permission: PermissionDto): string {
    const sentence = permissionDescription(permission.name, this.t(), permission.description);
    return this.isReadOnly() || !this.isAbove(permission)
      ? sentence
      : `${sentence} ${this.t().roles.grid.above}`;
  }

  protected give(name: string, isGiven: boolean): void {
    this.given.update((given) => [...given.filter((other) => other !== name), ...(isGiven ? [name] : [])]);
  }
}
