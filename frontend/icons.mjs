// Name used in templates → Lucide icon. Templates say what they mean; the drawing may change.
export const icons = {
  'accessibility': 'accessibility', 'add': 'plus', 'agenda': 'calendar-days', 'alert': 'triangle-alert', 'archive': 'archive',
  'arrow-left': 'arrow-left', 'arrow-right': 'arrow-right', 'attach': 'paperclip', 'bell': 'bell', 'board': 'square-kanban',
  'book': 'book-open', 'building': 'building-2', 'calendar-add': 'calendar-plus', 'charter': 'file-pen-line', 'chart': 'chart-column', 'check': 'check',
  'check-circle': 'circle-check', 'chevron-down': 'chevron-down', 'chevron-left': 'chevron-left', 'chevron-right': 'chevron-right',
  'clock': 'clock', 'close': 'x', 'committee': 'landmark', 'columns': 'columns-3', 'communication': 'megaphone', 'contact': 'contact',
  'convention': 'handshake', 'copy': 'copy', 'day': 'sun', 'decision': 'gavel', 'delete': 'trash-2', 'discussion': 'messages-square',
  'document': 'file-text', 'download': 'download', 'draft': 'pencil-line', 'edit': 'pencil', 'error': 'circle-x', 'external': 'external-link',
  'eye': 'eye', 'eye-off': 'eye-off', 'filter': 'list-filter', 'folder': 'folder', 'globe': 'globe', 'help': 'life-buoy',
  'history': 'history', 'home': 'house', 'image': 'image', 'import': 'file-up', 'inbox': 'inbox', 'info': 'info', 'journal': 'notebook-pen',
  'key': 'key-round', 'keyboard': 'keyboard', 'link': 'link', 'list': 'list', 'locate': 'locate-fixed', 'lock': 'lock', 'logout': 'log-out', 'mail': 'mail',
  'map': 'map', 'meeting': 'users-round', 'menu': 'menu', 'merge': 'merge', 'message': 'message-circle', 'minus': 'minus', 'more': 'ellipsis', 'news': 'newspaper',
  'partner': 'building', 'person': 'user-round', 'people': 'users', 'phone': 'phone', 'palette': 'palette', 'pin': 'map-pin', 'poll': 'calendar-check',
  'print': 'printer', 'qr': 'qr-code', 'question': 'message-circle-question-mark', 'refresh': 'refresh-cw', 'relay': 'signpost', 'rss': 'rss', 'save': 'save', 'search': 'search',
  'send': 'send', 'settings': 'settings', 'shield': 'shield-check', 'sort': 'arrow-up-down', 'sort-down': 'arrow-down', 'sort-up': 'arrow-up', 'star': 'star', 'structure': 'building-2',
  'sun': 'sun', 'survey': 'clipboard-list', 'tag': 'tag', 'template': 'layout-template', 'trash': 'trash-2', 'training': 'graduation-cap', 'undo': 'undo-2', 'unlink': 'unlink', 'upload': 'upload', 'urgent': 'siren',
  'users': 'users', 'video': 'video', 'watch': 'binoculars', 'zoom-in': 'zoom-in', 'zoom-out': 'zoom-out',
};
