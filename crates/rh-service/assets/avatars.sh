#!/usr/bin/env bash
# Draws the pictures of the two built-in people; needs ImageMagick.
set -euo pipefail
cd "$(dirname "$0")"
draw() { # name, background, letter strokes
  convert -size 96x96 "xc:$2" -fill none -stroke white -strokewidth 9 \
    -draw "stroke-linecap round $3" -strip -define png:exclude-chunks=date,time "PNG8:$1.png"
}
draw helper '#2f5d8a' 'line 32,26 32,70 line 64,26 64,70 line 32,48 64,48'
draw sharer '#8a4f2f' "path 'M 63,34 C 60,22 34,22 34,36 C 34,52 64,44 63,60 C 62,74 36,74 33,62'"
