import type { Texts } from '../texts';

export const userAccess: Texts['userAccess'] = {
  roles: 'Rollen',
  add: 'Rolle hinzufügen',
  remove: (role) => `Rolle ${role} entfernen`,
  above: (permissions) => `Sie können diese Rolle nicht zuweisen, weil Sie ${permissions} nicht haben.`,
  locked: (role, permissions) => `Sie können ${role} nicht entfernen, weil Sie ${permissions} nicht haben.`,
  permits: (permissions) => `Gewährt ${permissions}.`,
  permitsNothing: 'Gewährt in Latchkey keine Berechtigungen. Dienste können sie als Kennzeichen auslesen.',
  unseen: 'Sie können die Berechtigungen dieser Rolle nicht sehen.',
  lead: 'Ein Benutzer hat die Berechtigungen aller seiner Rollen.',
  gives: (permissions) => `Neu: ${permissions}.`,
  takes: (permissions) => `Entfällt: ${permissions}.`,
  sameAsBefore: 'Die Berechtigungen bleiben gleich.',
  save: 'Rollen speichern',
  saved: (name) => `Rollen von ${name} gespeichert.`,
  ownQuestion: {
    heading: 'Eigene Berechtigungen entfernen?',
    text: (permissions) => `Sie verlieren ${permissions}.`,
    after: 'Nur ein Benutzer mit diesen Berechtigungen kann sie Ihnen zurückgeben.',
    action: 'Entfernen',
  },
  effective: 'Effektive Berechtigungen',
  effectiveNone: 'Keine. Der Benutzer kann nur sein eigenes Konto und seine eigenen Token verwalten.',
  effectiveUnseen: 'Sie können die Berechtigungen von Rollen nicht sehen.',
  throughRoles: (roles) => `durch ${roles}`,
};
