import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { ApiDto, PermissionUsageDto, PermissionUsageListDto } from '@latchkey/auth-models';
import { injectTexts } from '../core/language';
import type { Loaded } from '../shared/loaded';
import { Holders } from '../shared/permissions/holders';
import { permissionDescription } from '../shared/permissions/permission-groups';
import { NameLink } from '../shared/ui/page';
import { ErrorState } from '../shared/ui/states';
import { isUsed } from './api-changes';

/** Maximum number of roles shown for a permission. The others are counted. */
const SHOWN_ROLES = 8;

/** Permissions of an API with the roles and the number of tokens that use them. */
@Component({
  selector: 'app-api-permissions',
  imports: [ErrorState, Holders, NameLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 class="card-title">{{ t().picker.label }}</h2>
    <p class="second-line">{{ t().apis.page.permissionsLead }}</p>
    <ul class="divided">
      @for (permission of permissions(); track permission.name) {
        <li>
          <code>{{ permission.name }}</code>
          <p>{{ permission.description }}</p>
          @if (permission.use; as use) {
            <p class="second-line">
              @if (use.isUnused) {
                {{ t().apis.page.unused }}
              } @else if (use.roleCount !== 0) {
                <app-holders
                  by="permission"
                  [name]="permission.name"
                  [userCount]="use.userCount"
                  [tokenCount]="use.apiTokenCount"
                />
              }
              @if (use.shown.length > 0) {
                <span>
                  {{ t().apis.page.grantedBy }}
                  @for (role of use.shown; track role) {
                    <app-name-link [name]="role" [link]="['/roles', role]" />{{ $last ? '' : ', ' }}
                  }
                  @if (use.hidden > 0) {
                    + {{ t().apis.page.otherRoles(use.hidden) }}
                  }
                </span>
              }
              @if (use.tokenCount > 0) {
                <span>{{ t().apis.page.limitedTo(use.tokenCount) }}</span>
              }
            </p>
          }
        </li>
      } @empty {
        <li class="quiet">{{ t().common.noPermissions }}</li>
      }
    </ul>
    @if (usage().problem(); as problem) {
      <app-error-state [problem]="problem" (retry)="usage().reload()" />
    }
  `,
  styles: `
    ul {
      margin-top: var(--space-2);
    }
    li {
      padding: var(--space-3) 0;
    }
    li:last-child {
      padding-bottom: 0;
    }
    code {
      overflow-wrap: anywhere;
      font-weight: 600;
    }
    app-holders:not(:empty) + span::before,
    span + span::before {
      content: ' · ';
    }
    li p {
      margin-top: var(--space-half);
      overflow-wrap: anywhere;
    }
  `,
})
export class ApiPermissions {
  readonly api = input.required<ApiDto>();
  readonly usage = input.required<Loaded<PermissionUsageListDto>>();

  protected readonly t = injectTexts();
  protected readonly permissions = computed(() => {
    const uses = new Map(
      this.usage()
        .value()
        ?.items.map((use) => [use.permission, use]),
    );
    return this.api().permissions.map(({ name, description }) => {
      const use = uses.get(name);
      return {
        name,
        description: permissionDescription(name, this.t(), description),
        use: use && describe(use),
      };
    });
  });
}

/** Returns a use with the roles to show, which are unknown without `roles:read`. */
function describe(use: PermissionUsageDto) {
  const { roles = [], roleCount = 0 } = use;
  const shown = roles.slice(0, SHOWN_ROLES);
  return {
    ...use,
    shown,
    hidden: roleCount - shown.length,
    isUnused: !isUsed(use),
  };
}
