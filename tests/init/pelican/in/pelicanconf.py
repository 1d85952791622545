AUTHOR = 'Jane'
SITENAME = "A Pelican's site"
SITEURL = ''

PATH = 'content'

TIMEZONE = 'Europe/Paris'

DEFAULT_LANG = 'fr'

# Feed generation is usually not desired when developing
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
AUTHOR_FEED_ATOM = None

LINKS = (('Pelican', 'https://getpelican.com/'),
         ('You can modify those links in your config file', '#'),)

DEFAULT_PAGINATION = 10
#RELATIVE_URLS = True
