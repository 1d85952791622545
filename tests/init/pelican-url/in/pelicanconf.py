import os
AUTHOR = 'Jane'
SITENAME = 'Urls'
SITEURL = os.environ.get('SITEURL', 'x')
SITEURL = (
  'https://'
  'pelican.test'
)
if True:
    SITENAME = 'No'
PATH = '.'
ARTICLE_PATHS = ['blog']
OUTPUT_PATH = 'www/'
ARTICLE_URL = 'posts/{date:%Y}/{date:%m}/{slug}/'
ARTICLE_SAVE_AS = ARTICLE_URL + 'index.html'
SLUGIFY_SOURCE = 'basename'
FEED_RSS = 'rss.xml'
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
TAG_FEED_ATOM = 'tag/{slug}.xml'
FEED_MAX_ITEMS = 15
