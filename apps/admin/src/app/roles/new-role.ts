import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  ElementRef,
  inject,
  input,
  signal,
  untracked,
} from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { NonNullableFormBuilder, ReactiveFormsModule } from '@angular/forms';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatFormFieldModule } from '@angular/material/form-field';
import { MatInput } from '@angular/material/input';
import { Router, RouterLink } from '@angular/router';
import { CreateRoleDto } from '@latchkey/auth-models';
import { firstValueFrom } from 'rxjs';
import { injectTexts } from '../core/language';
import { Notifier } from '../core/notifier';
import { Session } from '../core/session';
import { confirmLeave } from '../shared/dialogs/confirm';
import { focusFirstInvalid } from '../shared/focus';
import { dtoField, emptyToUndefined } from '../shared/forms/dto-field';
import { controlError } from '../shared/forms/field-error';
import { FormError } from '../shared/forms/form-error';
import { showServerErrors } from '../shared/forms/server-errors';
import { submission } from '../shared/forms/submission';
import { SubmitButton } from '../shared/forms/submit-button';
import { warnBeforeUnload, type CanLeave } from '../shared/leave-guard';
import { loaded } from '../shared/loaded';
import { BackLink } from '../shared/ui/back-link';
import { RoleRights } from './role-rights';
import { RolesApi } from './roles-api';

/** The page that makes a role, from nothing or from what another one gives. */
@Component({
  selector: 'app-new-role',
  imports: [
    BackLink,
    MatButton,
    MatFormFieldModule,
    MatInput,
    ReactiveFormsModule,
    FormError,
    RoleRights,
    RouterLink,
    SubmitButton,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './new-role.html',
  styleUrls: ['./role-page.scss', './new-role.scss'],
})
export class NewRole implements CanLeave {
  private readonly api = inject(RolesApi);
  private readonly dialog = inject(MatDialog);
  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly notifier = inject(Notifier);
  private readonly router = inject(Router);
  private readonly session = inject(Session);
  private isMade = false;

  /** Name of the role that this one begins as. */
  readonly from = input<string>();

  protected readonly t = injectTexts();
  protected readonly form = inject(NonNullableFormBuilder).group({
    name: ['', dtoField(CreateRoleDto, 'name')],
    description: ['', dtoField(CreateRoleDto, 'description')],
  });
  protected readonly errors = {
    name: controlError(() => this.form.controls.name),
    description: controlError(() => this.form.controls.description),
  };
  protected readonly submission = submission(this.form);
  protected readonly refusal = signal<string | null>(null);
  protected readonly permissions = loaded(
    () => 'permissions',
    () => this.api.permissions(),
  );
  protected readonly given = signal<readonly string[]>([]);
  private readonly pattern = loaded(
    () => this.from() ?? null,
    (name) => this.api.get(name),
  );
  private readonly typed = toSignal(this.form.valueChanges, { initialValue: this.form.value });
  private readonly isBegun = computed(
    () => Boolean(this.typed().name) || Boolean(this.typed().description) || this.given().length > 0,
  );

  constructor() {
    warnBeforeUnload(() => this.wouldLose());
    effect(() => {
      const { permissions = [] } = this.pattern.value() ?? {};
      // A session that is begun again is no reason to take back what was ticked.
      const held = new Set(untracked(() => this.session.me())?.permissions ?? []);
      this.given.set(permissions.filter((permission) => held.has(permission)));
    });
  }

  mayLeave(): boolean | Promise<boolean> {
    return !this.wouldLose() || confirmLeave(this.dialog, this.t());
  }

  protected create(): Promise<void> {
    return this.submission.submit(
      async () => {
        this.refusal.set(null);
        const { name, description } = this.form.getRawValue();
        const role = await firstValueFrom(
          this.api.create(
            Object.assign(new CreateRoleDto(), {
              name,
              description: emptyToUndefined(description.trim()),
              permissions: [...this.given()].sort(),
            }),
          ),
        );
        this.isMade = true;
        this.notifier.success(this.t().roles.form.created(role.name));
        await this.router.navigate(['/roles', role.name]);
      },
      (problem) => {
        this.refusal.set(showServerErrors(this.form, problem, this.t()));
        focusFirstInvalid(this.host);
      },
    );
  }

  private wouldLose(): boolean {
    return !this.isMade && this.isBegun();
  }
}
