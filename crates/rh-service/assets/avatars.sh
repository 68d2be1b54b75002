#!/usr/bin/env bash
# Draws the pictures of the two built-in people; needs ImageMagick.
set -euo pipefail
cd "$(dirname "$0")"
draw() { # name, background, letter strokes
  convert -size 96x96 "xc:$2" -fill none -stroke white -strokewidth 9 \
    -draw "stroke-linecap round stroke-linejoin round $3" -strip -define png:exclude-chunks=date,time "PNG8:$1.png"
}
draw helper '#2f5d8a' 'line 32,26 32,70 line 64,26 64,70 line 32,48 64,48'
draw sharer '#8a4f2f' 'polyline 62,31 34,31 34,48 62,48 62,66 34,66'
