#!/bin/sh
# How the files beside this script were made (Debian: ffmpeg, libheif-examples, libimage-exiftool-perl). Run it in this folder.
set -e
# A photo as a phone makes it: 480 x 320, left half red and right half blue, lying on its side (orientation 6), with camera and place.
ffmpeg -loglevel error -y -f lavfi -i color=red:s=240x320 -f lavfi -i color=blue:s=240x320 \
  -filter_complex hstack -frames:v 1 phone.jpg
exiftool -q -overwrite_original -n -Orientation=6 phone.jpg
heif-enc -q 40 phone.jpg -o phone.heic
exiftool -q -overwrite_original -Make='Brass & Sons' -Model='Secret 7' \
  -GPSLatitude=52.5 -GPSLatitudeRef=N -GPSLongitude=13.4 -GPSLongitudeRef=E phone.heic
python3 turn.py phone.heic
rm phone.jpg
# H.264 and AAC with the place in the box that phones use, a title and what wrote it.
SCENE='testsrc=size=160x120:rate=10:duration=1'
TONE='sine=frequency=440:duration=1'
ffmpeg -loglevel error -y -f lavfi -i $SCENE -f lavfi -i $TONE -pix_fmt yuv420p -c:v libx264 -c:a aac -b:a 32k \
  -metadata location='+52.5+013.4/' -metadata title='Secret trip' phone.mov
ffmpeg -loglevel error -y -f lavfi -i $SCENE -f lavfi -i $TONE -c:v libvpx -b:v 60k -c:a libopus -b:a 24k \
  -metadata title='Secret trip' film.webm
# Sound with a title and a cover.
ffmpeg -loglevel error -y -f lavfi -i color=green:s=64x64 -frames:v 1 cover.jpg
ffmpeg -loglevel error -y -f lavfi -i $TONE -i cover.jpg -map 0 -map 1 -c:a libmp3lame -b:a 32k -c:v copy \
  -id3v2_version 3 -metadata title='Secret song' -disposition:v attached_pic song.mp3
ffmpeg -loglevel error -y -f lavfi -i $TONE -i cover.jpg -map 0 -map 1 -c:a aac -b:a 32k -c:v copy \
  -metadata title='Secret song' -disposition:v attached_pic song.m4a
rm cover.jpg
