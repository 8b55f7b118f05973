import { counting } from '../counting';
import type { Texts } from '../texts';

const count = counting('de');

export const roles: Texts['roles'] = {
  lead: 'Benannte Gruppen von Berechtigungen für Benutzer und Dienste.',
  search: 'Name oder Beschreibung suchen',
  count: (total) => count(total, 'Rolle', 'Rollen'),
  empty: { heading: 'Keine Rollen', text: 'Legen Sie eine Rolle an und weisen Sie sie Benutzern zu.' },
  columns: {
    name: 'Rolle',
    permissions: 'Berechtigungen',
    isBuiltIn: 'Art',
    userCount: 'Zugewiesen an',
    creationTime: 'Erstellt',
  },
  sorts: {
    name: 'Name, A bis Z',
    '-name': 'Name, Z bis A',
    description: 'Beschreibung, A bis Z',
    '-isBuiltIn': 'Eingebaute zuerst',
    isBuiltIn: 'Eigene zuerst',
    '-userCount': 'Meiste Benutzer zuerst',
    '-creationTime': 'Neueste zuerst',
  },
  kinds: { true: 'Eingebaut', false: 'Eigene' },
  allPermissions: 'Alle Berechtigungen',
  page: {
    back: 'Alle Rollen',
    copy: 'Rolle duplizieren',
    saved: (name) => `${name} wurde gespeichert. Die Änderung gilt ab der nächsten Anfrage jedes Benutzers.`,
    unsaved: 'Nicht gespeicherte Änderungen',
    inUse: (name, users) =>
      `${count(users, 'Benutzer hat', 'Benutzer haben')} die Rolle ${name}. Entziehen Sie sie allen Benutzern, bevor Sie sie löschen.`,
    showHolders: 'Benutzer anzeigen',
  },
  readOnly: {
    builtIn: 'Diese Rolle ist eingebaut. Sie kann weder geändert noch gelöscht werden.',
    noWrite: 'Um Rollen zu ändern, brauchen Sie die Berechtigung roles:write.',
    above: (permissions) =>
      `Sie können diese Rolle nicht ändern, weil Sie selbst ${permissions} nicht haben.`,
  },
  form: {
    requiresSecondFactor: 'Benutzer mit dieser Rolle brauchen einen zweiten Faktor',
    lead: 'Wählen Sie die Berechtigungen, die Benutzer mit dieser Rolle erhalten. Ohne Berechtigungen dient die Rolle Diensten als Kennzeichen.',
    nameHint:
      'Kleinbuchstaben, Ziffern und Bindestriche. Dienste sehen den Namen. Er ist später nicht änderbar.',
    descriptionHint: 'Der Zweck der Rolle in einem Satz.',
    action: 'Rolle anlegen',
  },
  summary: {
    heading: 'Was diese Rolle erlaubt',
    permissions: 'Benutzer mit dieser Rolle verwalten ihr eigenes Konto und ihre Token und können außerdem:',
    at: (api) => `In der API ${api} können sie:`,
    noPermissions:
      'Diese Rolle gewährt keine Berechtigungen. Sie ist ein Kennzeichen: Dienste hinter Latchkey sehen sie in X-Auth-Roles und entscheiden, was sie bedeutet.',
    warnings: {
      administrator: 'Gewährt alle Berechtigungen. Benutzer mit dieser Rolle sind Administratoren.',
      everything:
        'Gewährt alle derzeitigen Berechtigungen. Benutzer mit dieser Rolle sind Administratoren, erhalten aber keine Berechtigungen, die Funktionsmodule später hinzufügen. Die erhält nur die Rolle admin.',
      password:
        'Benutzer mit dieser Rolle können im Namen aller Benutzer mit höchstens gleichen Berechtigungen handeln, indem sie ein neues Passwort festlegen.',
      token:
        'Benutzer mit dieser Rolle können im Namen aller Benutzer mit höchstens gleichen Berechtigungen handeln, indem sie ein Token für sie ausstellen.',
      passwordOrToken:
        'Benutzer mit dieser Rolle können im Namen aller Benutzer mit höchstens gleichen Berechtigungen handeln, indem sie ein neues Passwort festlegen oder ein Token für sie ausstellen.',
      roles:
        'Benutzer mit dieser Rolle können anderen die Berechtigungen geben oder entziehen, die sie selbst haben.',
    },
    unseen: (resource) =>
      `Ohne ${resource}:read können Benutzer mit dieser Rolle ${resource} zwar ändern, aber nicht ansehen, auch nicht in der Konsole.`,
  },
};
